import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type FocusEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { copyText, reloadPage } from '../host/page';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { AlertIcon, CloseIcon } from '../ui/icons';
import { wayBackTo } from '../ui/wayBack';
import { useHub, useRoom } from './hub';
import styles from './ToastRegion.module.css';
import type { Toast, Toasts } from './toasts';

/** Long enough to be read and reached by keyboard; it also stands still while one is in it. */
const staysFor = 10_000;

/**
 * Shows the messages and has them read out. It moves out of the way when it would cover what has
 * the focus.
 */
export function ToastRegion(): ReactNode {
  const t = useTexts();
  const { toasts } = useHub();
  const region = useRef<HTMLElement>(null);
  const { list, onFocus } = useFocusKept(toasts, region);
  const [top, setTop] = useState(false);

  useEffect(() => {
    if (list.length === 0) return;
    const avoid = (): void => {
      const here = region.current?.getBoundingClientRect();
      const focused = document.activeElement;
      if (!here || !focused || focused === document.body || region.current?.contains(focused))
        return;
      const there = focused.getBoundingClientRect();
      // What fills the page, such as a drawing area, is covered wherever the messages are.
      if (there.height > window.innerHeight / 2) return;
      const covered =
        there.top < here.bottom &&
        there.bottom > here.top &&
        there.left < here.right &&
        there.right > here.left;
      if (covered) setTop((now) => !now);
    };
    avoid();
    document.addEventListener('focusin', avoid);
    return () => {
      document.removeEventListener('focusin', avoid);
    };
  }, [list]);

  useRoomKept(region, list.length > 0 && !top);

  return (
    <section
      ref={region}
      className={styles.region}
      aria-label={t.messages}
      // Stays readable and usable while a dialog is open.
      data-react-aria-top-layer="true"
      data-top={top ? '' : undefined}
      tabIndex={-1}
      onFocus={onFocus}
    >
      <div role="status">
        {list.map((toast) => toast.tone === 'done' && <OneToast key={toast.id} toast={toast} />)}
      </div>
      <div role="alert">
        {list.map((toast) => toast.tone === 'refused' && <OneToast key={toast.id} toast={toast} />)}
      </div>
    </section>
  );
}

/**
 * Says in `--toasts` how high the messages at the lower edge stand, so that a dialog on a phone
 * can end above them: its buttons are there.
 */
function useRoomKept(region: RefObject<HTMLElement | null>, below: boolean): void {
  useLayoutEffect(() => {
    const here = region.current;
    if (!here || !below) return;
    const { style } = document.documentElement;
    const say = (): void => {
      style.setProperty('--toasts', `${String(Math.ceil(here.offsetHeight))}px`);
    };
    say();
    const observer = new ResizeObserver(say);
    observer.observe(here);
    return () => {
      observer.disconnect();
      style.removeProperty('--toasts');
    };
  }, [region, below]);
}

/**
 * The messages. One that goes while the focus is in it gives the focus back to where it came from;
 * else whoever works by keyboard would begin at the top of the page again.
 */
function useFocusKept(
  toasts: Toasts,
  region: RefObject<HTMLElement | null>,
): { list: readonly Toast[]; onFocus: (event: FocusEvent<HTMLElement>) => void } {
  const goBack = useRef<(() => void) | null>(null);
  const inside = useRef<EventTarget | null>(null);
  const hadFocus = useRef(false);
  const list = useSyncExternalStore(
    (listener) =>
      toasts.subscribe(() => {
        // The message is still there; it goes when the page is drawn next.
        hadFocus.current = region.current?.contains(document.activeElement) ?? false;
        listener();
      }),
    () => toasts.shown,
  );

  useLayoutEffect(() => {
    const lost = hadFocus.current && !region.current?.contains(document.activeElement);
    hadFocus.current = false;
    if (!lost) return;
    goBack.current?.();
    // That place has gone, too, such as a card whose adding was undone: not at the top at least.
    if (document.activeElement === document.body) region.current?.focus();
  }, [list, region]);

  return {
    list,
    onFocus: ({ target, relatedTarget: from, currentTarget }) => {
      // A window that is looked at again only gives the focus back to what had it.
      const again = from === null && target === inside.current;
      inside.current = target;
      if (again || (from instanceof Node && currentTarget.contains(from))) return;
      goBack.current = from instanceof HTMLElement ? wayBackTo(from) : null;
    },
  };
}

/** The button that does what a message offers. */
function OfferButton(props: { toast: Toast; onCannotCopy: () => void }): ReactNode {
  const { toast } = props;
  const t = useTexts();
  const { toasts } = useHub();
  const unsaved = useRoom((state) => state.unsaved > 0);
  const { offer } = toast;
  if (!offer) return null;

  const act = async (): Promise<void> => {
    if (offer.kind === 'undo') {
      toasts.dismiss(toast.id);
      offer.undo();
    } else if (offer.kind === 'reload') {
      reloadPage();
    } else if (await copyText(offer.text)) {
      toasts.dismiss(toast.id);
      toasts.done(t.copied, null);
    } else {
      props.onCannotCopy();
    }
  };
  return (
    <button
      type="button"
      className={`${controls.button ?? ''} ${controls.small ?? ''}`}
      // Inside a chat client the browser does not ask before a page with unsaved changes goes.
      disabled={offer.kind === 'reload' && unsaved}
      onClick={() => void act()}
    >
      {{ undo: t.undo, copy: t.copy, reload: t.reload }[offer.kind]}
    </button>
  );
}

function OneToast({ toast }: { toast: Toast }): ReactNode {
  const t = useTexts();
  const { toasts } = useHub();
  const [held, setHeld] = useState(false);
  // The browser lets nothing into the clipboard: then the text is there to be copied by hand.
  const [bare, setBare] = useState(false);
  const hold = (): void => {
    setHeld(true);
  };
  const letGo = (): void => {
    setHeld(false);
  };

  useEffect(() => {
    if (held || toast.tone === 'refused') return;
    const timer = setTimeout(() => {
      toasts.dismiss(toast.id);
    }, staysFor);
    return () => {
      clearTimeout(timer);
    };
  }, [held, toast, toasts]);

  return (
    <div
      className={styles.toast}
      data-tone={toast.tone}
      onMouseEnter={hold}
      onMouseLeave={letGo}
      onFocus={hold}
      onBlur={letGo}
    >
      {toast.tone === 'refused' && (
        <span className={styles.mark}>
          <AlertIcon />
        </span>
      )}
      <span className={styles.text}>{toast.text}</span>
      <div className={styles.buttons}>
        <OfferButton
          toast={toast}
          onCannotCopy={() => {
            setBare(true);
          }}
        />
        <button
          type="button"
          className={controls.icon}
          aria-label={t.close}
          onClick={() => {
            toasts.dismiss(toast.id);
          }}
        >
          <CloseIcon />
        </button>
      </div>
      {bare && toast.offer?.kind === 'copy' && (
        <textarea
          className={controls.field}
          aria-label={t.typed}
          rows={3}
          readOnly
          dir="auto"
          value={toast.offer.text}
        />
      )}
    </div>
  );
}
