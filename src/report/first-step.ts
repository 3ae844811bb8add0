// The first thing to do, out of the remediation of a rule: its first item, or its first sentence.

const longest = 300;
const itemMark = /^(?:\d+[.)]|[-*+])\s+/;

export interface FirstStep {
  /** One line of the rule's own Markdown; empty where it begins with a block of code, or its first sentence is long. */
  readonly text: string;
  /** How many items there are: steps, or cases of which one applies; 1 where it is prose. */
  readonly of: number;
}

export function firstStep(remediation: string): FirstStep {
  const lines = remediation.trim().split('\n');
  const items = lines.filter((line) => itemMark.test(line)).length;
  const start = lines.findIndex((line) => itemMark.test(line));
  // A lead before a list ends in a colon; other prose before it is itself the first thing.
  const isLead = start > 0 && /:\s*$/.test(lines.slice(0, start).join(' '));
  const from = isLead ? start : 0;
  const text = paragraphOf(lines.slice(from)).replace(itemMark, '');
  if (/^(?:`{3}|~{3}|[|>#])/.test(text)) return { text: '', of: 1 };
  return { text: text.length <= longest ? text : firstSentence(text), of: start === 0 || isLead ? items : 1 };
}

function paragraphOf(lines: readonly string[]): string {
  const end = lines.findIndex(
    (line, at) => at > 0 && (line.trim() === '' || /^\s*(?:\d+[.)]|[-*+]|`{3}|~{3})/.test(line)),
  );
  return lines
    .slice(0, end < 0 ? undefined : end)
    .map((line) => line.trim())
    .join(' ');
}

/** Whole: a code span or a bold word is never cut in two. */
function firstSentence(text: string): string {
  const first = /^(?:`[^`]*`|\*\*[^*]*\*\*|[^`])*?[.!?](?=\s)/.exec(text)?.[0] ?? '';
  return first.length <= longest ? first : '';
}
