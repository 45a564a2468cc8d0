import { useMemo, type ReactNode } from 'react';
import { Dialog, I18nProvider, Popover } from 'react-aria-components';
import { localeOf, useLang } from '../text/text';
import { Avatar } from '../ui/Avatar';
import styles from './Viewers.module.css';

/** The names of those who are looking, beside their initials. */
export default function ViewerList(props: {
  anchor: HTMLElement;
  title: string;
  people: readonly { user: string; name: string; said: string }[];
  onClose: () => void;
}): ReactNode {
  const lang = useLang();
  const trigger = useMemo(() => ({ current: props.anchor }), [props.anchor]);
  return (
    <I18nProvider locale={localeOf(lang)}>
      <Popover
        isOpen
        triggerRef={trigger}
        placement="bottom end"
        onOpenChange={(open) => {
          if (!open) props.onClose();
        }}
      >
        <Dialog aria-label={props.title}>
          <ul className={styles.list}>
            {props.people.map(({ user, name, said }) => (
              <li key={user} className={styles.person}>
                <Avatar user={user} name={name} />
                <span>{said}</span>
              </li>
            ))}
          </ul>
        </Dialog>
      </Popover>
    </I18nProvider>
  );
}
