// Lines that a command wrote among its output by accident: errors of kubectl and oc, warnings, the log of a client.
//
//   kind: PodList
//   error: unable to retrieve the complete list of server APIs
//   Error from server (Forbidden): pods is forbidden

/** Says that something could not be had. */
const failure =
  /^(?:(?:error|Error|ERROR)(?::| from server| when | executing | getting )|[Uu]nable to |The connection to the server |the server |(?:ba|da|a)?sh: |\/bin\/\w+: |timeout: |command terminated|Forbidden|Unauthorized|[EF]\d{4} \d\d:|FATA\[|time="[^"]*" level=(?:error|fatal))/;
/** Says nothing that was lost. */
const notice =
  /^(?:Warning: |WARNING: |[WI]\d{4} \d\d:|WARN\[|INFO\[|time="[^"]*" level=(?:info|warn)|No resources found|Flag --|Default(?:ing|ed) |Using |==== (?:START|END) logs )/;
/** How a line begins that belongs to a document: a key, or punctuation of YAML. */
const ownLine = /(?:[\w.$/-]+|"[^"\n]*"|'[^'\n]*') *:(?: |$)|[^\w/=(<*]/my;

export type Message = 'failure' | 'notice';

export interface ForeignLine {
  readonly line: number;
  readonly words: string;
  /** Absent when the line is none that is known, only out of place. */
  readonly message: Message | undefined;
}

/** What kind of message a line is, if it is one. */
export function messageOf(words: string): Message | undefined {
  if (notice.test(words)) return 'notice';
  return failure.test(words) ? 'failure' : undefined;
}

/** Tells foreign lines from those of one document and remembers them. */
export class ForeignLines {
  private readonly text: string;
  private readonly start: number;
  private readonly end: number;
  private readonly byLine = new Map<number, ForeignLine>();
  private kubernetes: boolean | undefined;

  constructor(text: string, start: number, end: number) {
    this.text = text;
    this.start = start;
    this.end = end;
  }

  /** Those seen, in reading order. */
  get found(): ForeignLine[] {
    return [...this.byLine.values()];
  }

  /** Whether the line that begins at `at`, without indentation, is none of the document. */
  has(at: number, line: number): boolean {
    const words = this.text.slice(at, this.text.indexOf('\n', at)).trimEnd();
    const message = messageOf(words);
    ownLine.lastIndex = at;
    if (!message && ownLine.test(this.text)) return false;
    if (!this.isKubernetes()) return false;
    this.byLine.set(line, { line, words, message });
    return true;
  }

  /** Only a document of API objects is known well enough to call a line of it foreign. */
  isKubernetes(): boolean {
    this.kubernetes ??= /^(?:apiVersion|kind|items) *:/m.test(this.text.slice(this.start, this.end));
    return this.kubernetes;
  }
}
