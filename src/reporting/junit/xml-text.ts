// Text as JUnit XML can carry it. junit-report-builder loses or garbles characters that XML has no place for, and ends a CDATA section too early, so
// nothing reaches it that has not passed here.
import { plain, plainLine } from '../text/plain-text.js';

/** A value for an attribute: one line, never empty (Buildkite and Jenkins want a name). */
export function attributeText(text: string, max = 1000): string {
  return plainLine(text, max) || '(empty)';
}

/** Text for an element, before it is capped and put into CDATA. */
export const elementText = plain;

/**
 * Prepares an element's text for the builder's CDATA. A section ends at the first `]]>`, so each must be split over two sections. The builder splits the
 * first one and forgets the others: those are split here, and the first is left to it (split already, it would be split once more).
 */
export function cdataText(text: string): string {
  const first = text.indexOf(']]>') + 3;
  return first < 3 ? text : text.slice(0, first) + text.slice(first).replaceAll(']]>', ']]]]><![CDATA[>');
}
