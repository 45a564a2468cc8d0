import { useId, useState, type ReactNode } from 'react';
import { useFieldFocus } from '../board/boards/useFieldFocus';
import { titleLimit } from '../board/limits';
import { useTexts, type Texts } from '../text/text';
import controls from '../ui/controls.module.css';
import { SmallDialog } from '../ui/SmallDialog';
import type { WhiteboardActs } from './acts';
import styles from './dialogs.module.css';
import { templates, type Template, type Whiteboard } from './model';
import { useDid } from './useDid';

function nameOfTemplate(template: Template, t: Texts): string {
  return {
    '': t.whiteboardTemplateNone,
    brainstorm: t.whiteboardTemplateBrainstorm,
    retro: t.whiteboardTemplateRetro,
    stakeholders: t.whiteboardTemplateStakeholders,
    process: t.whiteboardTemplateProcess,
    orgchart: t.whiteboardTemplateOrgchart,
    meeting: t.whiteboardTemplateMeeting,
  }[template];
}

/** Adds a whiteboard: its name, and the template that it is made after. */
export function AddWhiteboardDialog(props: {
  acts: WhiteboardActs;
  onShow: (id: string) => void;
  onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const did = useDid(props.acts);
  const [title, setTitle] = useState('');
  const [template, setTemplate] = useState<Template>('');
  const id = useId();
  const suggested = template ? nameOfTemplate(template, t) : t.whiteboard;

  const add = (): void => {
    const name = title.trim() || suggested;
    props.onClose();
    const { whiteboard, act } = props.acts.add(name, template);
    props.onShow(whiteboard);
    did(t.didAddWhiteboard(name), act);
  };
  return (
    <SmallDialog
      title={t.whiteboardAddTitle}
      confirm={t.add}
      onConfirm={add}
      onClose={props.onClose}
    >
      <TitleField value={title} placeholder={suggested} onChange={setTitle} />
      <fieldset className={styles.templates}>
        <legend className={controls.label}>{t.templates}</legend>
        {templates.map((name) => (
          <label key={name} className={styles.template}>
            <input
              type="radio"
              name={id}
              checked={name === template}
              onChange={() => {
                setTemplate(name);
              }}
            />
            {nameOfTemplate(name, t)}
          </label>
        ))}
      </fieldset>
    </SmallDialog>
  );
}

/** Gives a whiteboard another name. */
export function RenameWhiteboardDialog(props: {
  whiteboard: Whiteboard;
  acts: WhiteboardActs;
  onClose: () => void;
}): ReactNode {
  const { whiteboard, acts } = props;
  const t = useTexts();
  const did = useDid(acts);
  const [title, setTitle] = useState(whiteboard.title);
  const rename = (): void => {
    const name = title.trim();
    if (!name) return;
    props.onClose();
    if (name !== whiteboard.title)
      did(t.didRenameWhiteboard(name), acts.rename(whiteboard.id, name));
  };
  return (
    <SmallDialog
      title={t.whiteboardRenameTitle}
      confirm={t.save}
      onConfirm={rename}
      onClose={props.onClose}
    >
      <TitleField value={title} onChange={setTitle} />
    </SmallDialog>
  );
}

function TitleField(props: {
  value: string;
  placeholder?: string;
  onChange: (value: string) => void;
}): ReactNode {
  const t = useTexts();
  const id = useId();
  const field = useFieldFocus();
  return (
    <div>
      <label className={controls.label} htmlFor={id}>
        {t.whiteboardTitle}
      </label>
      <input
        ref={field}
        id={id}
        className={controls.field}
        value={props.value}
        placeholder={props.placeholder}
        maxLength={titleLimit}
        dir="auto"
        onChange={(event) => {
          props.onChange(event.target.value);
        }}
      />
    </div>
  );
}
