// `drydock trace`: where a connection goes, rule by rule, and what the client sees.

import { parseArgs } from 'node:util';
import { createContext } from '../models/path/context.ts';
import type { Query, Trace } from '../models/path/trace.ts';
import { queryProblem, tracePath } from '../models/path/trace-path.ts';
import { sealed } from '../report/leak-gate.ts';
import { redactTrace } from '../report/path/redact-trace.ts';
import { renderTraceMermaid } from '../report/path/trace-mermaid.ts';
import { renderTraceSvg } from '../report/path/trace-svg.ts';
import { renderTraceText } from '../report/path/trace-text.ts';
import { toneOf } from '../report/path/trace-words.ts';
import { visibleJson } from '../report/visible.ts';
import { openFacts } from './open-facts.ts';
import { readLimits } from './read-limits.ts';
import { type ExitCode, type Terminal, UsageError, worst } from './terminal.ts';
import { endpointText, suggestion } from './trace-endpoints.ts';

const usage = `drydock trace INPUT... --from ENDPOINT --to ENDPOINT

  INPUT is a bundle, or saved facts; several are read as one case (a must-gather and the dumps of its nodes).
  ENDPOINT is one of: pod/NS/NAME  svc/NS/NAME:PORT  node/NAME[:PORT]  IP[:PORT]  external

  drydock trace must-gather.tar.gz worker-1.tar.xz --from pod/shop/web-0 --to svc/shop/cart:80

  --protocol NAME         tcp, udp or sctp (tcp)
  --node NAME             node at which a packet from outside comes in
  --length BYTES          size of an IP packet that must not be cut, to find a path MTU that is too small
  --case NAME             name of the case
  -o, --output FORMAT     text, json, mermaid or svg (text)
  --all                   steps that decide nothing, too
  --limit NAME=VALUE      repeatable; \`drydock doctor\` lists them
  --quiet, --no-color

  Exit code: 0 every way arrives, 1 some way may fail, 2 no trace, 3 the bundle does not tell everything.`;

const protocols = ['tcp', 'udp', 'sctp'];

type Render = (trace: Trace, terminal: Terminal, all: boolean) => string;
const renderers: Readonly<Record<string, Render>> = {
  text: (trace, { columns, color }, all) =>
    renderTraceText(trace, { columns, color, all, whereIdle: '--all shows them' }).trimEnd(),
  json: (trace) => sealed(visibleJson(JSON.stringify(trace, null, 2))),
  mermaid: (trace) => renderTraceMermaid(trace).trimEnd(),
  svg: (trace) => renderTraceSvg(trace).trimEnd(),
};

export async function traceCommand(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      protocol: { type: 'string', default: 'tcp' },
      node: { type: 'string' },
      length: { type: 'string' },
      case: { type: 'string' },
      output: { type: 'string', short: 'o', default: 'text' },
      all: { type: 'boolean', default: false },
      limit: { type: 'string', multiple: true, default: [] },
      quiet: { type: 'boolean', default: false },
      'no-color': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    terminal.say(usage);
    return 0;
  }
  const [input] = positionals;
  if (input === undefined) throw new UsageError(`trace needs an input\n\n${usage}`);
  if (values.from === undefined || values.to === undefined)
    throw new UsageError(`trace needs --from and --to\n\n${usage}`);
  const render = Object.hasOwn(renderers, values.output) ? renderers[values.output] : undefined;
  if (!render) throw new UsageError(`-o ${values.output}: choose ${Object.keys(renderers).join(', ')}`);
  const query: Query = {
    from: endpointText(values.from),
    to: endpointText(values.to),
    protocol: readProtocol(values.protocol),
    ...(values.node !== undefined && { node: values.node }),
    ...(values.length !== undefined && { lengthBytes: readLength(values.length) }),
  };
  const isCase = positionals.length > 1 || values.case !== undefined;
  const bundle = isCase ? { name: values.case ?? 'case', inputs: positionals } : input;
  const { store, code } = await openFacts(bundle, readLimits(values.limit), terminal);
  const context = createContext(store);
  const problem = queryProblem(store, query, context) ?? unknownNode(context.cluster.nodes, query.node);
  if (problem !== undefined) {
    const near = suggestion(context.cluster, query);
    throw new UsageError(`no trace: ${problem}${near === '' ? '' : `\n  ${near}`}`);
  }
  const trace = redactTrace(tracePath(store, query, context));
  terminal.say(render(trace, terminal, values.all), 'painted');
  return worst([code, codeOf(trace)]);
}

/** A way that nobody can see the end of is no failure, and no delivery either: what would tell is not in the bundle. */
export function codeOf({ branches }: Trace): ExitCode {
  const tones = branches.map(({ end }) => toneOf(end.verdict));
  if (tones.includes('bad')) return 1;
  return tones.includes('unknown') || branches.length === 0 ? 3 : 0;
}

const unknownNode = (nodes: readonly string[], name: string | undefined): string | undefined =>
  name === undefined || nodes.includes(name) ? undefined : `no node ${name} in the bundle`;

function readProtocol(word: string): string {
  const name = word.toLowerCase();
  if (!protocols.includes(name)) throw new UsageError(`--protocol ${word}: choose ${protocols.join(', ')}`);
  return name;
}

function readLength(word: string): number {
  const bytes = Number(word);
  if (!Number.isInteger(bytes) || bytes < 20 || bytes > 65535)
    throw new UsageError(`--length ${word}: say a number of bytes from 20 to 65535`);
  return bytes;
}
