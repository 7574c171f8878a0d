// A column sealer for tests of the store: real AES-256-GCM under one fixed key.
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { MailError } from '../../src/mail/mail-error.ts';
import type { ColumnSealer } from '../../src/store/store.ts';

const KEY = createSecretKey(Buffer.alloc(32, 7));

/** @param destroyed contexts whose key is gone */
export function testSealer(destroyed: ReadonlySet<string> = new Set()): ColumnSealer {
  const nonce = randomBytes(12);
  return {
    seal: (plain, context) => {
      nonce.writeUInt32BE(nonce.readUInt32BE(8) === 0xffffffff ? 0 : nonce.readUInt32BE(8) + 1, 8);
      const cipher = createCipheriv('aes-256-gcm', KEY, nonce).setAAD(Buffer.from(context));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open: (sealed, context) => {
      if (destroyed.has(context)) return null;
      try {
        const decipher = createDecipheriv('aes-256-gcm', KEY, sealed.subarray(0, 12))
          .setAAD(Buffer.from(context))
          .setAuthTag(sealed.subarray(-16));
        return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
      } catch (cause) {
        throw new MailError('content.unreadable', { cause });
      }
    },
  };
}
