// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { fileForUs, fitPasted, type Pasted } from './pasting';
import { elementLike } from './testElements';

const here = { hasCard: (id: string) => id === 'ours', hasPicture: (id: string) => id === 'plan' };
const like = (given: Record<string, unknown>) => elementLike({ id: 'a', ...given });
const dropped = (name: string, type: string) =>
  ({ files: [new File(['x'], name, { type })] }) as unknown as DataTransfer;

describe('what is pasted', () => {
  it('comes without pages of others and cards of other rooms', () => {
    const data: Pasted = {
      elements: [
        like({ type: 'embeddable', link: 'https://video.example/1' }),
        like({ type: 'iframe', link: 'https://video.example/1' }),
        like({ type: 'embeddable', customData: { card: 'theirs' } }),
        like({ type: 'embeddable', customData: { card: 'ours' }, link: 'werkraum:card/ours' }),
      ],
    };
    expect(fitPasted(data, here)).toBe(true);
    expect(data.elements?.map(({ link }) => link)).toEqual(['werkraum:card/ours']);
  });

  it('keeps what it is like, but for links that lead nowhere good and cards of others', () => {
    const note = { note: true, card: 'theirs' };
    const data: Pasted = {
      elements: [
        like({ type: 'rectangle', customData: note, link: 'javascript:alert(1)' }),
        like({ type: 'ellipse', link: 'https://amt.example/plan' }),
      ],
    };
    expect(fitPasted(data, here)).toBe(false);
    const [first, second] = data.elements ?? [];
    expect(first).toMatchObject({ link: null, customData: { note: true } });
    expect(first?.customData).not.toHaveProperty('card');
    expect(second?.link).toBe('https://amt.example/plan');
  });

  it('brings its pictures along as new ones, and none that it does not hold', () => {
    const file = { id: 'abc', mimeType: 'image/png', dataURL: 'data:image/png;base64,AA==' };
    const picture = (fileId: string) => like({ type: 'image', fileId, status: 'saved' });
    const data = {
      elements: [picture('plan'), picture('abc'), picture('abc'), picture('lost')],
      files: { abc: { ...file, created: 1 } },
    } as unknown as Pasted;
    expect(fitPasted(data, here)).toBe(true);
    const [known, one, same, ...more] = data.elements ?? [];
    expect(more).toEqual([]);
    expect(known).toMatchObject({ fileId: 'plan', status: 'saved' });
    expect(one).toMatchObject({ status: 'pending' });
    const id = one?.type === 'image' ? (one.fileId ?? '') : '';
    expect(id).not.toBe('abc');
    expect(same).toMatchObject({ fileId: id });
    expect(data.files?.[id]).toMatchObject({ id, dataURL: file.dataURL });
  });
});

describe('a file', () => {
  it('is for the drawing program if it is a picture that it can show', () => {
    expect(fileForUs(dropped('plan.svg', 'image/svg+xml'))).toBeNull();
    expect(fileForUs(dropped('plan.tiff', 'image/tiff'))?.name).toBe('plan.tiff');
    expect(fileForUs(dropped('alles.excalidraw', ''))?.name).toBe('alles.excalidraw');
    expect(fileForUs({ files: [] } as unknown as DataTransfer)).toBeNull();
  });
});
