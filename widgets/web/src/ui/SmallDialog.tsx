import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTexts } from '../text/text';
import controls from './controls.module.css';
import styles from './SmallDialog.module.css';

/** A small dialog with a title, one question and two buttons. */
export function SmallDialog(props: {
  title: string;
  /** Label of the button that does it; null if nothing can be done. */
  confirm: string | null;
  danger?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}): ReactNode {
  const t = useTexts();
  return (
    <ModalOverlay
      isOpen
      isDismissable
      className={styles.shade ?? ''}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <Modal className={styles.window ?? ''}>
        <Dialog className={styles.dialog ?? ''}>
          <form
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault();
              props.onConfirm();
            }}
          >
            <Heading slot="title" className={styles.title ?? ''}>
              {props.title}
            </Heading>
            {props.children}
            <div className={styles.buttons}>
              <button type="button" className={controls.button} onClick={props.onClose}>
                {props.confirm === null ? t.close : t.cancel}
              </button>
              {props.confirm !== null && (
                <button
                  type="submit"
                  className={`${controls.button ?? ''} ${(props.danger ? controls.danger : controls.primary) ?? ''}`}
                >
                  {props.confirm}
                </button>
              )}
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
