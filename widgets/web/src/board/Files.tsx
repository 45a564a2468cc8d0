import { useId, useRef, useState, type DragEvent, type ReactNode } from 'react';
import { useHub } from '../hub/hub';
import { fetchFile } from '../session/files';
import { ServerRefusal } from '../session/server';
import { localeOf, useTexts } from '../text/text';
import { saveFile } from '../ui/saveFile';
import controls from '../ui/controls.module.css';
import { CloseIcon, FileIcon, PictureIcon, PlusIcon } from '../ui/icons';
import { nameOf, useBoard } from './BoardContext';
import dialog from './CardDialog.module.css';
import { coverOf, filesOf, showSize, type CardFile } from './cardFiles';
import styles from './Files.module.css';
import type { Card } from './model';
import { usePicture } from './useFile';
import { useUploads, type Uploads, type UploadState } from './useUploads';

/** The attachments of a card: those from the thread and those that were sent from here. */
export function Files({ card }: { card: Card }): ReactNode {
  const t = useTexts();
  const { client } = useHub();
  const { canEdit } = useBoard();
  const heading = useId();
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const uploads = useUploads(card.id);
  const fields = client.items.get(card.id)?.fields ?? {};
  const files = filesOf(fields);
  const cover = coverOf(fields)?.id ?? null;

  const carriesFiles = (event: DragEvent): boolean =>
    canEdit && event.dataTransfer.types.includes('Files');
  return (
    <section
      className={styles.files}
      aria-labelledby={heading}
      data-over={over ? '' : undefined}
      onDragOver={(event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        setOver(false);
        uploads.add(event.dataTransfer.files);
      }}
    >
      <h3 id={heading} className={dialog.subtitle}>
        {t.files}
      </h3>
      {files.length + uploads.list.length > 0 && (
        <ul className={styles.list}>
          {files.map((file) => (
            <FileRow key={file.id} card={card} file={file} isCover={file.id === cover} />
          ))}
          {uploads.list.map((upload) => (
            <UploadRow key={upload.id} upload={upload} uploads={uploads} />
          ))}
        </ul>
      )}
      {canEdit ? (
        <>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            data-files=""
            onChange={(event) => {
              uploads.add([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
          <button
            type="button"
            className={`${controls.button ?? ''} ${controls.small ?? ''}`}
            onClick={() => picker.current?.click()}
          >
            <PlusIcon />
            {t.fileAdd}
          </button>
          <p className={controls.hint}>{t.fileHint}</p>
        </>
      ) : (
        files.length === 0 && <p className={controls.hint}>{t.filesNone}</p>
      )}
    </section>
  );
}

function FileRow(props: { card: Card; file: CardFile; isCover: boolean }): ReactNode {
  const { card, file, isCover } = props;
  const t = useTexts();
  const { client, toasts } = useHub();
  const { acts, canEdit, did, lang, members } = useBoard();
  const [busy, setBusy] = useState(false);
  const url = usePicture(card.id, file.type === 'image' && file.there ? file.id : null);
  const title = card.title || t.cardUntitled;

  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const by = { session: client.bearer, lang };
      saveFile(
        await fetchFile(by, card.id, file.id, false, new AbortController().signal),
        file.name,
      );
    } catch (error) {
      toasts.refused(error instanceof ServerRefusal ? error.message : t.failedNetwork);
    }
    setBusy(false);
  };

  const facts = [file.size > 0 && showSize(file.size, localeOf(lang)), nameOf(file.by, members, t)];
  return (
    <li className={styles.file} data-file-id={file.id}>
      <span className={styles.sight}>{url ? <img src={url} alt="" /> : <FileIcon />}</span>
      <div className={styles.facts}>
        {file.there ? (
          <button
            type="button"
            className={styles.name}
            dir="auto"
            aria-busy={busy}
            title={t.fileSave(file.name)}
            onClick={() => {
              if (!busy) void save();
            }}
          >
            {file.name}
          </button>
        ) : (
          <strong dir="auto">{file.name}</strong>
        )}
        <p className={styles.more}>
          {file.there ? facts.filter(Boolean).join(' · ') : t.fileUnderWay}
          {isCover && ` · ${t.coverIs}`}
        </p>
      </div>
      {canEdit && (
        <div className={styles.buttons}>
          {file.type === 'image' && file.there && (
            <button
              type="button"
              className={controls.icon}
              aria-label={t.coverSet(file.name)}
              title={isCover ? t.coverTake : t.coverMake}
              aria-pressed={isCover}
              onClick={() => {
                did(t.didEdit(title), acts.setCover(card.id, isCover ? '' : file.id));
              }}
            >
              <PictureIcon />
            </button>
          )}
          <button
            type="button"
            className={controls.icon}
            aria-label={t.fileRemove(file.name)}
            title={t.fileRemove(file.name)}
            onClick={() => {
              acts.removeFile(card.id, file.id, isCover);
            }}
          >
            <CloseIcon />
          </button>
        </div>
      )}
    </li>
  );
}

function UploadRow(props: { upload: UploadState; uploads: Uploads }): ReactNode {
  const { upload, uploads } = props;
  const t = useTexts();
  return (
    <li className={styles.file}>
      <div className={styles.facts}>
        <strong dir="auto">{upload.file.name}</strong>
        {upload.problem === null ? (
          <progress
            className={styles.bar}
            aria-label={t.fileSending(upload.file.name)}
            value={upload.part}
          />
        ) : (
          <p role="alert" className={controls.error}>
            {upload.problem}
          </p>
        )}
      </div>
      <div className={styles.buttons}>
        {upload.again && upload.problem !== null && (
          <button
            type="button"
            className={`${controls.button ?? ''} ${controls.small ?? ''}`}
            onClick={() => {
              uploads.retry(upload);
            }}
          >
            {t.retry}
          </button>
        )}
        <button
          type="button"
          className={controls.icon}
          aria-label={
            upload.problem === null
              ? t.fileCancel(upload.file.name)
              : t.fileDismiss(upload.file.name)
          }
          onClick={() => {
            uploads.dismiss(upload.id);
          }}
        >
          <CloseIcon />
        </button>
      </div>
    </li>
  );
}
