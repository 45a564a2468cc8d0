import './ui/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { langNamed, liveAddress, readAddress, themeNamed } from './host/address';
import { restartOnNewAddress, showLang, showTheme } from './host/page';
import { allowNoMarkup } from './host/trusted';
import { signInFor } from './session/signIn';

allowNoMarkup();
const address = readAddress(location.href);
const lang = address.lang ?? langNamed(navigator.language) ?? 'de';
showLang(lang);
showTheme(address.theme);
restartOnNewAddress();

const { entry } = address;
const host =
  entry.kind === 'widget'
    ? import('./host/widgetHost').then(({ connectToHost }) =>
        connectToHost(entry.widgetID, entry.hostOrigin, (name) => {
          showTheme(themeNamed(name));
        }),
      )
    : null;

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <App
      signIn={signInFor(entry, host, lang)}
      room={entry.kind === 'bare' ? entry.room : entry.kind === 'widget' ? entry.room : null}
      sayAs={host && (async (content) => (await host).say(content))}
      download={entry.kind === 'link' ? entry.download : null}
      whiteboard={address.whiteboard}
      live={{ url: liveAddress(location.href), lang }}
    />,
  );
}
