// Reads a parsed CEL expression without running it: which names and fields it reads, which patterns it holds.

/** A node of the parsed expression, as the CEL library gives it. */
export interface Ast {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
  readonly end: number;
}

/** A field of a binding, by its way: `{ name: 'container', path: ['limits', 'memoryBytes'] }`. */
export interface Read {
  readonly name: string;
  readonly path: readonly string[];
}

export interface Reads {
  readonly reads: readonly Read[];
  /** Names it takes from outside: bindings, names of `let`, `now`, `settings`. */
  readonly names: readonly string[];
  /** Where the value of the whole expression comes from, if from one place: a list filtered is still that list. */
  readonly origin: Read | undefined;
  /** Calls of functions whose last argument is a pattern written there. */
  readonly patterns: readonly { readonly pattern: string; readonly node: Ast }[];
  /** Every `a.b` and `a.?b`. */
  readonly accesses: readonly Ast[];
  /** Texts written in the expression: `"Ready"`. */
  readonly literals: readonly string[];
}

type Aliases = ReadonlyMap<string, Read | undefined>;

const macros = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
/** Methods whose result is, or is part of, what they are called on. */
const passing = new Set(['filter', 'value', 'orValue', 'or', 'sort', 'distinct', 'reverse', 'slice', 'min', 'max']);

/** `known` says where names of `let` come from; names inside an expression are looked up before it. */
export function readsOf(ast: Ast, known: Aliases, patternFunctions: ReadonlySet<string>): Reads {
  const reads: Read[] = [];
  const names = new Set<string>();
  const patterns: { pattern: string; node: Ast }[] = [];
  const accesses: Ast[] = [];
  const literals: string[] = [];

  /** Visits a node and says where its value comes from. */
  function visit(node: Ast, aliases: Aliases): Read | undefined {
    switch (node.op) {
      case 'value':
        if (typeof node.args === 'string') literals.push(node.args);
        return undefined;
      case 'id': {
        const name = node.args as string;
        if (aliases.has(name)) return note(aliases.get(name));
        names.add(name);
        return note(known.has(name) ? known.get(name) : { name, path: [] });
      }
      case '.':
      case '.?': {
        const [left, field] = node.args as [Ast, string];
        accesses.push(node);
        const from = visit(left, aliases);
        return from && note({ name: from.name, path: [...from.path, field] });
      }
      case '[]':
      case '[?]': {
        const [left, index] = node.args as [Ast, Ast];
        const from = visit(left, aliases);
        visit(index, aliases);
        return from;
      }
      case 'call': {
        const [name, args] = node.args as [string, readonly Ast[]];
        notePattern(name, args.at(-1));
        for (const arg of args) visit(arg, aliases);
        return undefined;
      }
      case 'rcall':
        return visitMethod(node, aliases);
      case 'map':
        for (const pair of node.args as readonly (readonly Ast[])[]) for (const each of pair) visit(each, aliases);
        return undefined;
      case '?:': {
        const [condition, yes, no] = node.args as [Ast, Ast, Ast];
        visit(condition, aliases);
        const origin = visit(yes, aliases);
        return visit(no, aliases) ?? origin;
      }
      default:
        for (const each of Array.isArray(node.args) ? node.args : [node.args]) {
          if (isAst(each)) visit(each, aliases);
        }
        return undefined;
    }
  }

  function visitMethod(node: Ast, aliases: Aliases): Read | undefined {
    const [name, receiver, args] = node.args as [string, Ast, readonly Ast[]];
    notePattern(name, args.at(-1));
    const [variable, ...rest] = args;
    const binds = receiver.op === 'id' && receiver.args === 'cel' && name === 'bind';
    if (binds && variable?.op === 'id' && rest[0] && rest[1]) {
      const origin = visit(rest[0], aliases);
      return visit(rest[1], new Map(aliases).set(variable.args as string, origin));
    }
    const from = visit(receiver, aliases);
    if (macros.has(name) && variable?.op === 'id' && rest.length > 0) {
      const inner = new Map(aliases).set(variable.args as string, from);
      const last = rest.map((each) => visit(each, inner)).at(-1);
      return name === 'map' ? last : name === 'filter' ? from : undefined;
    }
    for (const arg of args) visit(arg, aliases);
    return passing.has(name) ? from : undefined;
  }

  function note(read: Read | undefined): Read | undefined {
    if (read) reads.push(read);
    return read;
  }

  function notePattern(name: string, last: Ast | undefined): void {
    if (!patternFunctions.has(name) || last?.op !== 'value' || typeof last.args !== 'string') return;
    patterns.push({ pattern: last.args, node: last });
  }

  const origin = visit(ast, new Map());
  return { reads, names: [...names], origin, patterns, accesses, literals };
}

/**
 * Changes a parsed expression in two ways before it is checked. `matches` gets the name of our own linear one. And
 * `has(a.b.c)` becomes false, not an error, where `b` is absent: what is not there has no fields.
 */
export function adjust(ast: Ast, matchesName: string): void {
  const { op, args } = ast;
  if (op === 'rcall') {
    const call = args as [string, Ast, readonly Ast[]];
    if (call[0] === 'matches' && call[2].length === 1) call[0] = matchesName;
  } else if (op === 'call' && (args as readonly unknown[])[0] === 'has') {
    softenAccess((args as [string, readonly Ast[]])[1][0]);
  }
  for (const each of Array.isArray(args) ? args : [args]) {
    if (isAst(each)) adjust(each, matchesName);
    else if (Array.isArray(each)) for (const inner of each) if (isAst(inner)) adjust(inner, matchesName);
  }
}

/** The innermost of several accesses becomes `.?`, which makes all that follow optional; the outermost must stay `.`. */
function softenAccess(outermost: Ast | undefined): void {
  let access = outermost;
  while (access?.op === '.') {
    const inner: Ast | undefined = (access.args as [Ast, string])[0];
    if (inner?.op !== '.') break;
    access = inner;
  }
  if (access && access !== outermost) (access as { op: string }).op = '.?';
}

/** The parts of `a && b && c`. */
export function conjuncts(ast: Ast): Ast[] {
  if (ast.op !== '&&') return [ast];
  return (ast.args as readonly Ast[]).flatMap(conjuncts);
}

function isAst(value: unknown): value is Ast {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
