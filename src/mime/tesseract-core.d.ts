// What we use of tesseract.js-core, which brings no types.
declare module 'tesseract.js-core/tesseract-core-simd-lstm.js' {
  interface TessBaseAPI {
    Init(dataPath: string, language: string, engineMode: number): number;
    SetVariable(name: string, value: string): boolean;
    SetPageSegMode(mode: number): void;
    /** Reads `/input` of the file system within. @returns 0 where it could be read */
    SetImageFile(orientation: number, radians: number): number;
    Recognize(monitor: null): number;
    GetTSVText(page: number): string;
    Clear(): void;
    End(): void;
  }
  interface TesseractCore {
    readonly FS: { writeFile(path: string, bytes: Uint8Array): void; unlink(path: string): void };
    readonly TessBaseAPI: new () => TessBaseAPI;
    /** Frees an object of the core. */
    destroy(object: TessBaseAPI): void;
  }
  const create: (settings: {
    readonly print: (line: string) => void;
    readonly printErr: (line: string) => void;
    readonly TesseractProgress: (percent: number) => void;
  }) => Promise<TesseractCore>;
  export default create;
  export type { TessBaseAPI, TesseractCore };
}
