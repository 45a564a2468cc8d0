interface Env {
  out_canvas: HTMLCanvasElement;
  out_blob?: Blob | null;
}

interface Reducer {
  readonly pica: object;
  /** Excalidraw puts its own here to have another type of picture. */
  _create_blob: ((env: Env) => Promise<Env>) | null;
  toBlob(file: Blob, options: { max: number }): Promise<Blob>;
}

/**
 * Stands for the library by which Excalidraw makes a picture smaller: that uses workers and
 * WebAssembly, which the page's policy does not let run. The browser's own canvas does it.
 */
export default function shrinking(): Reducer {
  return {
    pica: {
      toBlob: (canvas: HTMLCanvasElement, type: string, quality: number) =>
        toBlob(canvas, type, quality),
    },
    _create_blob: null,
    async toBlob(file: Blob, { max }: { max: number }): Promise<Blob> {
      const bitmap = await createImageBitmap(file);
      const factor = Math.min(1, max / Math.max(bitmap.width, bitmap.height));
      if (factor === 1 && !this._create_blob) return file;
      const canvas = document.createElement('canvas');
      canvas.width = Math.max(1, Math.round(bitmap.width * factor));
      canvas.height = Math.max(1, Math.round(bitmap.height * factor));
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      context.imageSmoothingQuality = 'high';
      context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      bitmap.close();
      if (this._create_blob) {
        const { out_blob } = await this._create_blob({ out_canvas: canvas });
        if (out_blob) return out_blob;
      }
      return toBlob(canvas, file.type === 'image/jpeg' ? 'image/jpeg' : 'image/png', 0.9);
    },
  };
}

function toBlob(canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob> {
  return new Promise((take, fail) => {
    canvas.toBlob(
      (blob) => {
        if (blob) take(blob);
        else fail(new Error('no picture'));
      },
      type,
      quality,
    );
  });
}
