// A QR code as SVG in the page: nothing is loaded, and no other library draws it.
import { encode } from 'uqr';
import { html, type Html } from './html.ts';

/** One path: a square for each dark module. */
export function qrPicture(text: string, says: string): Html {
  const { data, size } = encode(text, { ecc: 'M', border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${says}" shape-rendering="crispEdges">
    <path d="${path}" fill="#000" />
  </svg>`;
}
