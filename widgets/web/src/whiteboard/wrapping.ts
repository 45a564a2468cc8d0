/** A text in lines that are no wider than that; words that are wider are cut. */
export function wrapped(
  text: string,
  size: number,
  width: number,
  measure: (text: string, size: number) => number = widthOf,
): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (measure(longer, size) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const letter of word) {
      if (line !== '' && measure(line + letter, size) > width) {
        lines.push(line);
        line = '';
      }
      line += letter;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** How wide a text is in the font of cards in pictures. */
export function widthOf(text: string, size: number): number {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return text.length * size * 0.55;
  context.font = `${String(size)}px Nunito, sans-serif`;
  return context.measureText(text).width;
}
