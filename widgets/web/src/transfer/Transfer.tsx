import { useEffect, useState, type ReactNode, type RefObject } from 'react';
import { I18nProvider, Separator } from 'react-aria-components';
import { Entry, MenuPopover } from '../board/Menus';
import menus from '../board/Menus.module.css';
import { useHub, useRoom } from '../hub/hub';
import { sentenceFor } from '../session/signIn';
import { localeOf, useLang, useTexts } from '../text/text';
import { ImportDialog } from './ImportDialog';
import { formatNamed, type ExportFormat } from './format';
import { fetchExport } from './server';

/** The menu for import and export, and the dialog; in a file of its own, fetched later. */
export default function Transfer(props: {
  readonly anchor: RefObject<HTMLButtonElement | null>;
  /** What is to be downloaded without being asked again, as a private link wants it. */
  readonly download: ExportFormat | null;
  readonly onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const lang = useLang();
  const { client, toasts } = useHub();
  const canEdit = useRoom((state) => state.me?.can.edit ?? false);
  const [importing, setImporting] = useState(false);
  const { anchor, download, onClose } = props;

  const save = (format: ExportFormat): void => {
    const { access } = client;
    if (!access) return;
    fetchExport(access, format, lang).then(
      ({ file, name }) => {
        saveAs(file, name);
        toasts.done(t.didExport(name), null);
      },
      (error: unknown) => {
        toasts.refused(sentenceFor(error, t));
      },
    );
  };

  useEffect(() => {
    if (!download) return;
    save(download);
    onClose();
    // What a link asks for is done once, whatever else changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  if (download || !anchor.current) return null;
  return (
    <I18nProvider locale={localeOf(lang)}>
      {importing ? (
        <ImportDialog
          onClose={() => {
            onClose();
            anchor.current?.focus();
          }}
        />
      ) : (
        <MenuPopover
          anchor={anchor.current}
          label={t.transfer}
          disabled={canEdit ? [] : ['import']}
          onAction={(key) => {
            const format = formatNamed(String(key));
            if (format) save(format);
            else setImporting(true);
          }}
          onClose={() => {
            // The menu closes in either case; the dialog takes its place.
            setTimeout(() => {
              setImporting((now) => {
                if (!now) onClose();
                return now;
              });
            });
          }}
        >
          <Entry id="import">{t.importOpen}</Entry>
          <Separator className={menus.line ?? ''} />
          <Entry id="csv">{t.exportCSV}</Entry>
          <Entry id="json">{t.exportJSON}</Entry>
          <Entry id="ics">{t.exportICS}</Entry>
        </MenuPopover>
      )}
    </I18nProvider>
  );
}

/** Has the browser save a file. */
function saveAs(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has taken hold of it by then.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000);
}
