// Logic with three values. What is unknown carries the conditions that would have to be known, so that a branch can assume them.

/** A condition that the bundle does not decide, in words: `10.0.0.5 is an address of node w1`. */
export type Atom = string;

export type Truth =
  | true
  | false
  /** All of these must hold. */
  | readonly Literal[];

export interface Literal {
  readonly atom: Atom;
  readonly negated: boolean;
  /** Of history that a first packet does not have: what is taken for granted without following the other way. */
  readonly likely?: boolean;
}

export const unknown = (atom: Atom, negated = false): Truth => [{ atom, negated }];
/** Unknown, but nearly always so. */
export const likely = (atom: Atom, expected: boolean): Truth => [{ atom, negated: false, likely: expected }];

/** False dominates, then unknown; what is unknown in several ways is unknown until all of them are known. */
export function and(one: Truth, two: Truth): Truth {
  if (one === false || two === false) return false;
  if (one === true) return two;
  if (two === true) return one;
  return [...one, ...two.filter((literal) => !one.some((each) => same(each, literal)))];
}

/** The negation of several unknown conditions at once has no literals of its own: it is one condition. */
export function not(truth: Truth): Truth {
  if (typeof truth === 'boolean') return !truth;
  const [only, ...more] = truth;
  if (!only || more.length > 0) return unknown(together(truth.map(literalText)), true);
  const turned = only.likely === undefined ? {} : { likely: !only.likely };
  return [{ atom: only.atom, negated: !only.negated, ...turned }];
}

export const negateIf = (negated: boolean, truth: Truth): Truth => (negated ? not(truth) : truth);

/** Any of these: one that is true decides; several unknown ones become one condition. */
export function or(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  const open = truths.filter((truth): truth is readonly Literal[] => typeof truth !== 'boolean');
  if (open.length === 0) return false;
  return open.length === 1
    ? open[0]!
    : unknown(`one of (${open.map((each) => each.map(literalText).join(' and ')).join('; ')})`);
}

const same = (one: Literal, two: Literal) => one.atom === two.atom && one.negated === two.negated;

export const literalText = ({ atom, negated }: Literal) => (negated ? `not: ${atom}` : atom);

export function readLiteral(text: string): Literal {
  return text.startsWith('not: ')
    ? { atom: text.slice('not: '.length), negated: true }
    : { atom: text, negated: false };
}

export const opposite = (text: string) => literalText({ ...readLiteral(text), negated: !readLiteral(text).negated });

/** Several conditions as one: `all of (A; B)`. */
const together = (texts: readonly string[]) => `all of (${texts.join('; ')})`;

/** What is left of a condition once assumptions made before are taken into account. */
export function settle(truth: Truth, assumptions: readonly string[]): Truth {
  if (typeof truth === 'boolean' || assumptions.length === 0) return truth;
  const open: Literal[] = [];
  for (const literal of truth) {
    const text = literalText(literal);
    if (assumptions.includes(opposite(text))) return false;
    if (!assumptions.includes(text)) open.push(literal);
  }
  if (open.length > 1 && assumptions.includes(`not: ${together(open.map(literalText))}`)) return false;
  return open.length === 0 ? true : open;
}

/** What to assume for the way on which the condition holds, and for the other one; `only` where one of them is the rule. */
export function alternatives(open: readonly Literal[]): {
  readonly holds: readonly string[];
  readonly fails: readonly string[];
  readonly only?: 'holds' | 'fails';
} {
  const holds = open.map(literalText);
  const unlikely = open.find(({ likely }) => likely === false);
  if (unlikely) return { holds, fails: [opposite(literalText(unlikely))], only: 'fails' };
  const fails = holds.length === 1 ? [opposite(holds[0]!)] : [`not: ${together(holds)}`];
  return { holds, fails, ...(open.every(({ likely }) => likely === true) && { only: 'holds' as const }) };
}

/** Two sets of assumptions of which one is the other with one condition turned round: what they have in common. */
export function withoutContradiction(one: readonly string[], two: readonly string[]): readonly string[] | undefined {
  const yours = two.filter((text) => !one.includes(text));
  if (yours.length === 0) return undefined;
  const mine: string[] = [];
  for (const text of one) {
    if (two.includes(text)) continue;
    mine.push(text);
    if (mine.length > 1 && yours.length > 1) return undefined;
  }
  const fits = (mine.length === 1 && turned(mine[0]!, yours)) || (yours.length === 1 && turned(yours[0]!, mine));
  return fits ? one.filter((text) => two.includes(text)) : undefined;
}

function turned(text: string, others: readonly string[]): boolean {
  if (others.length === 1) return opposite(text) === others[0];
  return text.startsWith('not: all of (') && text === `not: ${together(others)}`;
}
