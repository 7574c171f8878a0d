// The TLS that clients get (NIST SP 800-52r2): versions 1.2 and 1.3, forward secrecy and AEAD only. One named profile, no switches.
import { constants } from 'node:crypto';

/** Options of tls.createSecureContext. */
export const SP800_52R2 = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  /** 3.3.1.1 and 3.3.1.2 of the publication; CCM left out, because no mail program needs it. */
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
  /** The NIST curves, and the hybrid with ML-KEM (SP 800-227) where the client can. */
  ecdhCurve: 'X25519MLKEM768:P-256:P-384:P-521',
  honorCipherOrder: true,
  /** Renegotiation is how one handshake becomes many; nothing needs it. */
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION | constants.SSL_OP_CIPHER_SERVER_PREFERENCE,
  sessionIdContext: 'postern-submission',
} as const;
