// Where sealed content lies.

/** Beside the journal row, or in a spool file named after the message's id. */
export type ContentPlace = 'row' | 'file';
