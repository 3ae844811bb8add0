// Reads unit files and drop-ins of the kubelet, and files of environment and arguments, for the flags they give it.
//
//   [Service]
//   Environment="KUBELET_EXTRA_ARGS=--fail-swap-on=false"
//   ExecStart=/usr/bin/kubelet \
//       --config=/etc/kubernetes/kubelet.conf \
//       --v=2
//
//   KUBELET_EXTRA_ARGS="--node-ip=10.0.0.1"

import { parser } from '../../parser.ts';
import { unquote } from '../../text/key-values.ts';
import { type Line, linesOf } from '../../text/lines.ts';
import { KubeletFlags, readFlags } from './kubelet-facts.ts';

export const kubeletUnits = parser({
  reads: 'SystemdUnitFile',
  yields: KubeletFlags,
  parse(text, source) {
    if (!/kubelet/.test(source.labels.unit ?? source.path.split('/').slice(-2).join('/')))
      return { facts: [], problems: [] };
    const said = joinContinued(linesOf(text)).flatMap(({ first, last, text }) => {
      const value =
        /^\s*(?:ExecStart|Environment)\s*=\s*(.*)$/.exec(text)?.[1] ??
        /^\s*(?:[A-Z][A-Z0-9_]*=(?=["'-]))?(["']?--.*)$/.exec(text)?.[1];
      if (value === undefined) return [];
      const flags = readFlags(wordsOf(value));
      return Object.keys(flags).length === 0 ? [] : [{ first, last, flags }];
    });
    const first = said[0];
    if (!first) return { facts: [], problems: [] };
    const flags = Object.assign({}, ...said.map((each) => each.flags)) as Record<string, string>;
    return {
      facts: [KubeletFlags.fact([first.first, said.at(-1)?.last ?? first.last], { origin: 'unit', flags })],
      problems: [],
    };
  },
});

/** A backslash at the end of a line joins the next one to it; comments between them are skipped, as systemd does. */
function joinContinued(lines: readonly Line[]): { first: number; last: number; text: string }[] {
  const joined: { first: number; last: number; text: string }[] = [];
  let open = false;
  for (const { text, number } of lines) {
    if (/^\s*[#;]/.test(text)) continue;
    const part = text.replace(/\\\s*$/, ' ');
    const last = joined.at(-1);
    if (open && last) joined[joined.length - 1] = { first: last.first, last: number, text: last.text + part };
    else joined.push({ first: number, last: number, text: part });
    open = /\\\s*$/.test(text);
  }
  return joined;
}

/** `Environment="ARGS=--a=b --c"` quotes the whole assignment; the flags begin after its name. */
function wordsOf(value: string): string[] {
  const assignments = [...value.matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|\S+/g)].map(([word]) =>
    unquote(word).replace(/^[A-Z_][A-Z0-9_]*=/, ''),
  );
  return assignments
    .flatMap((word) => word.split(/\s+/))
    .map((word) => unquote(word))
    .filter((word) => word !== '');
}
