import { useId, useState, type ReactNode } from 'react';
import { useLang, useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { Screen } from './Screen';
import styles from './Screen.module.css';
import { isMatrixID, requestLink } from './server';
import { sentenceFor } from './signIn';

type State =
  | { readonly at: 'entering'; readonly error: string }
  | { readonly at: 'sending' }
  | { readonly at: 'sent' };

/** Asks for a Matrix ID, to which the bot sends a private link. */
export function EnterPage({ room }: { room: string | null }): ReactNode {
  const t = useTexts();
  const lang = useLang();
  const id = useId();
  const [user, setUser] = useState('');
  const [state, setState] = useState<State>({ at: 'entering', error: '' });
  const typed = user.trim();

  const send = async (): Promise<void> => {
    if (!isMatrixID(typed)) {
      setState({ at: 'entering', error: t.enterBadID });
      return;
    }
    setState({ at: 'sending' });
    try {
      await requestLink(typed, room, lang);
      setState({ at: 'sent' });
    } catch (error) {
      setState({ at: 'entering', error: sentenceFor(error, t) });
    }
  };

  if (state.at === 'sent') {
    return (
      <Screen title={t.enterSentTitle}>
        <p>{t.enterSent(typed)}</p>
        <button
          type="button"
          className={controls.button}
          onClick={() => {
            setState({ at: 'entering', error: '' });
          }}
        >
          {t.enterAgain}
        </button>
      </Screen>
    );
  }
  const error = state.at === 'entering' ? state.error : '';
  return (
    <Screen title={t.enterTitle}>
      <p>{t.enterIntro}</p>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div>
          <label className={controls.label} htmlFor={id}>
            {t.enterLabel}
          </label>
          <input
            id={id}
            className={controls.field}
            value={user}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="@name:example.org"
            aria-invalid={error !== ''}
            aria-describedby={`${id}e`}
            onChange={(event) => {
              setUser(event.target.value);
            }}
          />
          <p id={`${id}e`} role="alert" className={controls.error}>
            {error}
          </p>
        </div>
        <button
          type="submit"
          className={`${controls.button ?? ''} ${controls.primary ?? ''}`}
          disabled={state.at === 'sending'}
        >
          {state.at === 'sending' ? t.enterSending : t.enterSend}
        </button>
      </form>
    </Screen>
  );
}
