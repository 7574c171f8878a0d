// Opens a PDF with pdf.js as unpdf bundles it for servers: in this thread, nothing fetched, nothing drawn, nothing printed.
import { getResolvedPDFJS } from 'unpdf';
import { CMapFactory } from './pdf-cmaps.ts';

type Pdfjs = Awaited<ReturnType<typeof getResolvedPDFJS>>;
type Loading = ReturnType<Pdfjs['getDocument']>;
export type PdfDocument = Awaited<Loading['promise']>;
export type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>;
/** Codes of operators by the names that pdf.js gives them. */
export type PdfOperators = Readonly<Record<string, number>>;

export interface OpenPdf {
  readonly document: PdfDocument;
  readonly operators: PdfOperators;
  close(): Promise<void>;
}

/** The pixels of one picture that are decoded at most: a page of A3 at 400 dpi. What is larger is left out by pdf.js. */
export const PDF_PICTURE_PIXELS = 40_000_000;

/**
 * Opens with the empty password, as every reader does (ISO 32000-1, 7.6.3.3): what only an owner password protects is read.
 * @param bytes are copied, pdf.js takes what it is given
 * @param forms 'xfa' lays out XFA forms that have no other pages
 * @returns why not: the user's password is needed, or there is no document in it
 */
export async function openPdf(bytes: Uint8Array, forms: 'xfa' | 'acroform'): Promise<OpenPdf | 'encrypted' | 'broken'> {
  const pdfjs = await getResolvedPDFJS();
  const loading = pdfjs.getDocument({
    data: new Uint8Array(bytes),
    verbosity: pdfjs.VerbosityLevel.ERRORS,
    stopAtErrors: false,
    enableXfa: forms === 'xfa',
    disableFontFace: true,
    fontExtraProperties: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    // Only a name: the factory makes what would be there.
    cMapUrl: 'cmaps/',
    cMapPacked: false,
    BinaryDataFactory: CMapFactory,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    maxImageSize: PDF_PICTURE_PIXELS,
  });
  try {
    const document = await loading.promise;
    return { document, operators: { ...pdfjs.OPS }, close: () => loading.destroy() };
  } catch (error) {
    await loading.destroy();
    return error instanceof pdfjs.PasswordException ? 'encrypted' : 'broken';
  }
}

/** What pdf.js tells, or null where it fails on a damaged part: the rest is read on. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch {
    return null;
  }
}
