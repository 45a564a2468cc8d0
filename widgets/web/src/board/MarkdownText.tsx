import { Fragment, useMemo, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import { CheckIcon } from '../ui/icons';
import styles from './MarkdownText.module.css';
import { readMarkdown, type MarkdownNode } from './readMarkdown';

/** A text in Markdown; in a file of its own, because the parser is fetched when it is needed. */
export default function MarkdownText({ text }: { text: string }): ReactNode {
  const nodes = useMemo(() => readMarkdown(text), [text]);
  if (!nodes) return <p className={styles.plain}>{text}</p>;
  return <div className={styles.markdown}>{nodes.map(show)}</div>;
}

function show(node: MarkdownNode, key: number): ReactNode {
  if (typeof node === 'string') return <Fragment key={key}>{node}</Fragment>;
  const { tag: Tag, children } = node;
  const inside = children.map(show);
  switch (Tag) {
    case 'a':
      return (
        <a key={key} href={node.href} target="_blank" rel="noreferrer" title={node.href}>
          {inside}
        </a>
      );
    case 'br':
    case 'hr':
      return <Tag key={key} />;
    case 'ol':
      return (
        <ol key={key} start={node.start}>
          {inside}
        </ol>
      );
    case 'li':
      return node.task === undefined ? (
        <li key={key} dir="auto">
          {inside}
        </li>
      ) : (
        <li key={key} dir="auto" className={styles.task}>
          <TaskBox done={node.task} />
          {inside}
        </li>
      );
    default:
      return (
        <Tag key={key} dir="auto">
          {inside}
        </Tag>
      );
  }
}

/** The box of an entry in a task list; it is ticked off by editing the text. */
function TaskBox({ done }: { done: boolean }): ReactNode {
  const t = useTexts();
  return (
    <span className={styles.box} data-done={done ? '' : undefined}>
      {done && <CheckIcon />}
      <span className="visually-hidden">{done ? t.checkDone : t.checkOpen}</span>
    </span>
  );
}
