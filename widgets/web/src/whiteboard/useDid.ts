import { useHub } from '../hub/hub';
import { useTexts } from '../text/text';
import type { WhiteboardActs } from './acts';

/** Says that something was done, and offers to take it back. */
export function useDid(acts: WhiteboardActs): (text: string, act: string) => void {
  const t = useTexts();
  const { toasts } = useHub();
  return (text, act) => {
    toasts.done(text, () => {
      acts.undo(act);
      toasts.done(t.didUndo, null);
    });
  };
}
