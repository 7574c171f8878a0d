// The files of the pages: a style sheet for each brand, one script, a logo. Named by the digest of what they hold, so that they may be kept for ever.
import { createHash } from 'node:crypto';
import type { Brand } from '../config/portal.ts';
import { BROWSER_SCRIPT } from './browser/script.ts';
import { styleSheet } from './style.ts';

export interface Asset {
  readonly mediaType: string;
  readonly content: Buffer;
}

export interface AssetPaths {
  readonly style: string;
  readonly script: string;
  readonly logo: string | null;
}

/** Everything that may be asked for, by its path. */
export function assetsOf(brands: readonly Brand[]): ReadonlyMap<string, Asset> {
  return new Map(
    brands.flatMap((brand) => {
      const paths = assetPaths(brand);
      const all: [string, Asset][] = [
        [paths.style, { mediaType: 'text/css; charset=utf-8', content: Buffer.from(styleSheet(brand.accent)) }],
        [paths.script, { mediaType: 'text/javascript; charset=utf-8', content: Buffer.from(BROWSER_SCRIPT) }],
      ];
      if (paths.logo !== null && brand.logo !== null)
        all.push([paths.logo, { mediaType: brand.logo.mediaType, content: Buffer.from(brand.logo.base64, 'base64') }]);
      return all;
    }),
  );
}

export function assetPaths({ accent, logo }: Brand): AssetPaths {
  return {
    style: `/own/${named(styleSheet(accent))}.css`,
    script: `/own/${named(BROWSER_SCRIPT)}.js`,
    logo: logo === null ? null : `/own/${named(logo.base64)}.${logo.mediaType.slice('image/'.length)}`,
  };
}

function named(content: string): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 16);
}
