import type { ReactNode, Ref } from 'react';
import controls from '../ui/controls.module.css';
import { PlusIcon } from '../ui/icons';

/** What stands in the place of a part of a card that is empty. */
export function AddButton(props: {
  label: string;
  onPress: () => void;
  ref?: Ref<HTMLButtonElement>;
}): ReactNode {
  return (
    <button
      ref={props.ref}
      type="button"
      className={`${controls.button ?? ''} ${controls.small ?? ''}`}
      onClick={props.onPress}
    >
      <PlusIcon />
      {props.label}
    </button>
  );
}
