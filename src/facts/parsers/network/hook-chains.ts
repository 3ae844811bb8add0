// What stands in the base chains: jumps of Kubernetes and of network plugins, what blocks before them, and masquerading.

import type { Fact } from '../../fact-type.ts';
import { HookChain, MasqueradeSetup } from './proxy-facts.ts';
import type { Chain, RuleBody, Table } from './ruleset.ts';
import { type KeyOf, type Place, spanOf } from './service-chains.ts';

const baseChain = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;
/** Chains of kube-proxy, the kubelet, network plugins and OpenShift. */
const kubernetesChain = /^(KUBE-|CNI-|FLANNEL-|cali-|CILIUM_|ANTREA-|OPENSHIFT-|OVN-KUBE|WEAVE|KUBE-ROUTER|AZURE|AWS-)/;
const kubernetesComment = /kubernetes|flanneld|calico|cali:|cilium|antrea|openshift|ovn-kube|aws-cni|AWS/i;

/** Base chains of one table; the same for every dialect of iptables. */
export function hookFacts(place: Place, table: Table, keyOf: KeyOf): Fact[] {
  return [...table.chains.values()]
    .filter(({ name, hook }) => baseChain.test(name) || hook !== undefined)
    .map((chain) => {
      const jumps = chain.rules.flatMap(({ body }) => (table.chains.has(body.target ?? '') ? [body.target!] : []));
      const value = {
        ...place,
        table: table.name,
        chain: chain.name,
        hook: chain.hook ?? chain.name.toLowerCase(),
        ...(chain.policy !== undefined && { policy: chain.policy }),
        ...(chain.packets !== undefined && { policyPackets: chain.packets }),
        complete: table.complete,
        jumps,
        kubeJumps: jumps.filter((target) => kubernetesChain.test(target)),
        accepts: chain.rules.flatMap(({ body }) => (body.target === 'ACCEPT' ? [body.text] : [])),
        blocks: blocksOf(chain),
      };
      // Of two backends a listing does not tell which it shows: chains of different length are not the same one.
      return HookChain.fact(spanOf(chain), value, keyOf(table.name, chain.name, String(chain.rules.length)));
    });
}

function blocksOf({ rules }: Chain) {
  return rules.flatMap(({ body }, at) => {
    const { target, source, destination, inInterface, outInterface, packets } = body;
    if ((target !== 'DROP' && target !== 'REJECT') || kubernetesComment.test(body.comment ?? '')) return [];
    const later = rules.slice(at + 1).map((rule) => rule.body.target ?? '');
    return [
      {
        position: at + 1,
        target,
        text: body.text,
        unconditional: body.unconditional,
        ...(source !== undefined && { source: (body.sourceNegated ? '!' : '') + source }),
        ...(destination !== undefined && { destination: (body.destinationNegated ? '!' : '') + destination }),
        ...(inInterface !== undefined && { inInterface: (body.inInterfaceNegated ? '!' : '') + inInterface }),
        ...(outInterface !== undefined && { outInterface: (body.outInterfaceNegated ? '!' : '') + outInterface }),
        ...(packets !== undefined && { packets }),
        before: [...new Set(later.filter((name) => kubernetesChain.test(name)))],
      },
    ];
  });
}

interface Names {
  readonly mode: 'iptables' | 'nftables';
  readonly hook: string;
  readonly mark: string;
  readonly postrouting: string;
}
const iptablesNames: Names = {
  mode: 'iptables',
  hook: 'POSTROUTING',
  mark: 'KUBE-MARK-MASQ',
  postrouting: 'KUBE-POSTROUTING',
};
const nftNames: Names = {
  mode: 'nftables',
  hook: 'nat-postrouting',
  mark: 'mark-for-masquerade',
  postrouting: 'masquerading',
};

const marks = ({ target, setMark }: RuleBody) => target === 'MARK' && setMark !== undefined;

/** For the nat table of iptables, or the kube-proxy table of nft; nothing where kube-proxy left no trace. */
export function masqueradeFacts(place: Place, table: Table, keyOf: KeyOf): Fact[] {
  const names = table.name === 'nat' ? iptablesNames : nftNames;
  const mark = table.chains.get(names.mark);
  const postrouting = table.chains.get(names.postrouting);
  if (!mark && !postrouting && !table.chains.has('KUBE-SERVICES')) return [];
  const bodies = postrouting?.rules.map(({ body }) => body) ?? [];
  const returns = bodies.find(({ target, mark: tested }) => target === 'RETURN' && tested?.negated === true);
  const masquerade = bodies.find(({ target }) => target === 'MASQUERADE');
  const tested = returns?.mark ?? masquerade?.mark;
  const set = mark?.rules.find(({ body }) => marks(body))?.body.setMark;
  const opaque = [...bodies, ...(mark?.rules.map(({ body }) => body) ?? [])].some(({ hidden }) =>
    hidden.includes('targetOptions'),
  );
  const value = {
    ...place,
    mode: names.mode,
    complete: table.complete && !opaque,
    postroutingJump: table.chains.get(names.hook)?.rules.some(({ body }) => body.target === names.postrouting) ?? false,
    markChain: mark !== undefined,
    ...(set && { markSet: { value: set.value, mask: set.mask } }),
    postroutingChain: postrouting !== undefined,
    returnsUnmarked: returns !== undefined,
    ...(tested && { markTested: { value: tested.value, mask: tested.mask } }),
    clearsMark: bodies.some((body) => marks(body) && body.setMark!.mask !== 0xffffffff),
    masquerades: masquerade !== undefined,
    form: !masquerade ? 'none' : returns ? 'return-first' : masquerade.mark ? 'single-rule' : 'none',
  };
  const chain = postrouting ?? mark;
  const hook = table.chains.get(names.hook);
  const at = {
    ...(hook && { postroutingJump: spanOf(hook) }),
    ...(mark && { markSet: spanOf(mark) }),
    ...(postrouting && { markTested: spanOf(postrouting), masquerades: spanOf(postrouting) }),
  };
  return [MasqueradeSetup.fact(chain ? spanOf(chain) : table.span, value, { ...keyOf(names.mode), at })];
}
