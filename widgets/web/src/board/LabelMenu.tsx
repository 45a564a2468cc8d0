import { useId, useState, type ReactNode } from 'react';
import { Header, MenuItem, MenuSection, Separator } from 'react-aria-components';
import { useTexts, type Texts } from '../text/text';
import { ColorSpot } from '../ui/Avatar';
import controls from '../ui/controls.module.css';
import { CheckIcon } from '../ui/icons';
import { SmallDialog } from '../ui/SmallDialog';
import { useBoard } from './BoardContext';
import { BoardLabel } from './BoardLabel';
import styles from './LabelMenu.module.css';
import { labelColors, labelKey, type LabelColor } from './labels';
import { labelLimit } from './limits';
import { Entry, MenuPopover } from './Menus';
import menus from './Menus.module.css';

function colorName(color: LabelColor, t: Texts): string {
  return {
    red: t.labelRed,
    orange: t.labelOrange,
    yellow: t.labelYellow,
    green: t.labelGreen,
    teal: t.labelTeal,
    blue: t.labelBlue,
    purple: t.labelPurple,
    pink: t.labelPink,
    grey: t.labelGrey,
  }[color];
}

const noColor = 'none';

/** A label that opens a menu for what holds everywhere: its colour, its name, and its end. */
export function LabelMenu({ label }: { label: string }): ReactNode {
  const t = useTexts();
  const { acts, colors, did } = useBoard();
  const [menu, setMenu] = useState<HTMLElement | null>(null);
  const [renaming, setRenaming] = useState(false);
  const color = colors.get(labelKey(label))?.color ?? null;

  return (
    <>
      <button
        type="button"
        className={styles.chip}
        aria-label={t.labelActions(label)}
        aria-haspopup="menu"
        onClick={(event) => {
          setMenu(event.currentTarget);
        }}
      >
        <BoardLabel label={label} />
      </button>
      {menu && (
        <MenuPopover
          anchor={menu}
          label={t.labelActions(label)}
          onAction={(key) => {
            if (key === 'rename') setRenaming(true);
            if (key === 'remove') did(t.didRemoveLabel(label), acts.removeLabel(label));
          }}
          onClose={() => {
            setMenu(null);
          }}
        >
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[color ?? noColor]}
            onSelectionChange={(keys) => {
              const [key] = keys;
              const chosen = labelColors.find((name) => name === key) ?? null;
              if (chosen !== color) did(t.didEditLabel(label), acts.colorLabel(label, chosen));
            }}
          >
            <Header className={styles.header ?? ''}>{t.labelColor}</Header>
            {labelColors.map((name) => (
              <MenuItem key={name} id={name} className={menus.item ?? ''}>
                <span className={styles.color}>
                  <ColorSpot color={name} />
                  {colorName(name, t)}
                </span>
                {name === color && <CheckIcon />}
              </MenuItem>
            ))}
            <MenuItem id={noColor} className={menus.item ?? ''}>
              {t.labelNoColor}
              {color === null && <CheckIcon />}
            </MenuItem>
          </MenuSection>
          <Separator className={menus.line ?? ''} />
          <Entry id="rename">{t.labelRename}</Entry>
          <Entry id="remove" danger>
            {t.labelRemove}
          </Entry>
        </MenuPopover>
      )}
      {renaming && (
        <RenameLabel
          label={label}
          onClose={() => {
            setRenaming(false);
          }}
        />
      )}
    </>
  );
}

function RenameLabel({ label, onClose }: { label: string; onClose: () => void }): ReactNode {
  const t = useTexts();
  const { acts, did } = useBoard();
  const id = useId();
  const [name, setName] = useState(label);
  const rename = (): void => {
    const text = name.replace(/\s+/g, ' ').trim();
    onClose();
    if (text && text !== label) did(t.didEditLabel(text), acts.renameLabel(label, text));
  };
  return (
    <SmallDialog
      title={t.labelRenameTitle(label)}
      confirm={t.labelRenameConfirm}
      onConfirm={rename}
      onClose={onClose}
    >
      <div>
        <label className={controls.label} htmlFor={id}>
          {t.labelName}
        </label>
        <input
          id={id}
          className={controls.field}
          value={name}
          maxLength={labelLimit}
          dir="auto"
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </div>
    </SmallDialog>
  );
}
