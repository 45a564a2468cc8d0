import {
  useEffect,
  useRef,
  useState,
  type ChangeEvent,
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  type SubmitEvent,
} from 'react';
import { titleLimit } from './limits';

type Field = HTMLInputElement | HTMLTextAreaElement;

/** A form for titles that takes the place of the button which opens it. */
export interface InlineForm<F extends Field> {
  readonly open: boolean;
  readonly close: () => void;
  /** No more can be typed; a paste may have been cut off. */
  readonly full: boolean;
  readonly opener: { readonly ref: RefObject<HTMLButtonElement | null>; onClick: () => void };
  readonly form: {
    onSubmit: (event: SubmitEvent) => void;
    onBlur: (event: FocusEvent<HTMLFormElement>) => void;
  };
  readonly field: {
    readonly ref: RefObject<F | null>;
    readonly value: string;
    readonly maxLength: number;
    readonly dir: 'auto';
    onChange: (event: ChangeEvent<F>) => void;
    onKeyDown: (event: KeyboardEvent) => void;
  };
}

/**
 * Opens with the focus in its field, adds with Enter and stays open for the next title; Escape
 * closes it and gives the focus back. Left empty it closes too, without taking the focus along.
 */
export function useInlineForm<F extends Field>(add: (title: string) => void): InlineForm<F> {
  const [open, setOpen] = useState(false);
  const [title, setTitle] = useState('');
  const field = useRef<F>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const givesBack = useRef(false);

  useEffect(() => {
    if (open) field.current?.focus();
    else if (givesBack.current) opener.current?.focus();
    givesBack.current = open;
  }, [open]);

  const close = (): void => {
    setTitle('');
    setOpen(false);
  };
  const submit = (): void => {
    // As the server will write it: one line.
    const text = title.replace(/\s+/g, ' ').trim();
    if (!text) return;
    add(text);
    setTitle('');
    field.current?.focus();
    // What was added may have pushed it out of sight.
    requestAnimationFrame(() => {
      field.current?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
    });
  };

  return {
    open,
    close,
    full: title.length >= titleLimit,
    opener: {
      ref: opener,
      onClick: () => {
        setOpen(true);
      },
    },
    form: {
      onSubmit: (event) => {
        event.preventDefault();
        submit();
      },
      onBlur: (event) => {
        if (event.currentTarget.contains(event.relatedTarget) || title.trim()) return;
        givesBack.current = false;
        close();
      },
    },
    field: {
      ref: field,
      value: title,
      maxLength: titleLimit,
      dir: 'auto',
      onChange: (event) => {
        setTitle(event.target.value);
      },
      onKeyDown: (event) => {
        // While characters are being composed the keys belong to that.
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') {
          event.preventDefault();
          submit();
        } else if (event.key === 'Escape') {
          close();
        }
      },
    },
  };
}
