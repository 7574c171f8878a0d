// Values that many requests of the control socket have.
import { z } from 'zod';

/** A message id, or one delivery of it as `id/n`. */
export const target = z.string().regex(/^[0-9A-Za-z]{1,40}(?:\/\d{1,5})?$/);
export const name = z.string().min(1).max(128);
export const why = z.string().trim().min(1).max(500);
/** Operating system user that typed the command. Claimed by the client: whoever may open the socket may do everything. */
export const who = name;
