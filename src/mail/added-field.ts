// Header fields that policy adds to messages: which names and values may be. Asked when a policy is read, and again when a field is written.

/** Longest value, so that no line of it can be over what a next hop takes (RFC 5322 2.1.1). */
const LONGEST_VALUE = 900;
const LONGEST_NAME = 70;
/** RFC 5322 3.6.8 ftext. */
const NAME = /^[!-9;-~]+$/;
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufeff]/u;
/** They say how the message is built, whose it is and which way it came: a field of policy in their place would change what it is. */
const KEPT =
  /^(?:content-.*|mime-version|from|sender|to|cc|bcc|subject|date|message-id|received|return-path|resent-.*|dkim-.*|arc-.*|x-postern-.*)$/;

/** Why a field may not be added, for the author of a policy; null where it may. */
export function addedFieldProblem(name: string, value: string): string | null {
  if (!NAME.test(name) || name.length > LONGEST_NAME) return 'the name is not the name of a header field (RFC 5322 3.6.8)';
  if (KEPT.test(name.toLowerCase())) return 'this field is a part of the message itself and cannot be set';
  if (value.trim() === '' || value.length > LONGEST_VALUE) return `the value is empty or longer than ${LONGEST_VALUE} characters`;
  return UNPRINTABLE.test(value) ? 'the value has characters that cannot be printed' : null;
}
