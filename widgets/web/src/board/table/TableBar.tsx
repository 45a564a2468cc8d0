import type { ReactNode } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useTexts } from '../../text/text';
import controls from '../../ui/controls.module.css';
import { ColumnsIcon } from '../../ui/icons';
import menus from '../Menus.module.css';
import { tableColumns, type TableColumn, type ViewState } from '../viewState';
import { columnName } from './columns';
import styles from './TableView.module.css';

/** How many cards there are, and which columns are shown. */
export function TableBar(props: {
  cards: number;
  columns: readonly TableColumn[];
  onChange: (change: Partial<ViewState>) => void;
}): ReactNode {
  const t = useTexts();
  return (
    <div className={styles.bar}>
      <span>{t.columnCount(props.cards)}</span>
      <MenuTrigger>
        <Button className={`${controls.button ?? ''} ${controls.small ?? ''}`}>
          <ColumnsIcon />
          {t.tableColumns}
        </Button>
        <Popover className={menus.popover ?? ''} placement="bottom end">
          <Menu
            aria-label={t.tableColumns}
            className={menus.menu ?? ''}
            selectionMode="multiple"
            selectedKeys={props.columns}
            onSelectionChange={(keys) => {
              const chosen = tableColumns.filter((column) => keys === 'all' || keys.has(column));
              props.onChange({ columns: chosen });
            }}
          >
            {tableColumns.map((column) => (
              <MenuItem key={column} id={column} className={menus.item ?? ''}>
                {({ isSelected }) => (
                  <>
                    {columnName(column, t)}
                    <span aria-hidden="true">{isSelected ? '✓' : ''}</span>
                  </>
                )}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </div>
  );
}
