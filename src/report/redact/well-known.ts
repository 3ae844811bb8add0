// Names that say nothing of anybody: what Kubernetes, its vendors and Linux call things everywhere.

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

// Domains of public projects and vendors: API groups, label keys, images and documentation live under them.
const publicDomains = words(`
  kubernetes.io k8s.io x-k8s.io k8s.gcr.io openshift.io openshift.com openshift.org redhat.com redhat.io quay.io docker.io docker.com
  gcr.io ghcr.io pkg.dev github.com github.io githubusercontent.com gitlab.com golang.org go.dev gopkg.in kernel.org
  systemd.io freedesktop.org coreos.com fedoraproject.org centos.org ubuntu.com debian.org canonical.com launchpad.net
  snapcraft.io microsoft.com aws.com google.com oracle.com vmware.com suse.com rancher.io rancher.com cattle.io k3s.io
  istio.io cilium.io projectcalico.org projectcalico.io tigera.io prometheus.io grafana.com elastic.co jaegertracing.io
  cert-manager.io crossplane.io helm.sh cncf.io etcd.io operatorframework.io ovn.org openvswitch.org argoproj.io tekton.dev
  knative.dev kubevirt.io metal3.io rook.io ceph.com ceph.io noobaa.io strimzi.io fluxcd.io velero.io longhorn.io traefik.io
  traefik.containo.us containo.us nginx.org nginx.com linkerd.io coredns.io containerd.io opencontainers.org podman.io
  crunchydata.com postgresql.org nvidia.com intel.com mellanox.com amd.com ibm.com cisco.com netapp.io netapp.com portworx.com
  mozilla.org apache.org eclipse.org spring.io oracle.net java.net stackoverflow.com w3.org ietf.org rfc-editor.org json-schema.org iana.org
  example.com example.net example.org ntp.org letsencrypt.org digicert.com sectigo.com opendatahub.io kubeflow.org
  kiali.io opentelemetry.io open-policy-agent.org gatekeeper.sh kyverno.io hashicorp.com snyk.io spdx.org linux.com
  linuxfoundation.org troubleshoot.sh replicated.com sonobuoy.io heptio.com minikube.internal docker.internal tuned.openshift.io
  snapshot.storage.k8s.io gnu.org sigs.k8s.io amazon.com rpmfusion.org isovalent.com weave.works flannel.alpha.coreos.com
  purl.org acme-v02.api.letsencrypt.org man7.org die.net die.org bugzilla.redhat.com`);

// Names of customers' things stand below these.
const providerDomains = words(`
  amazonaws.com amazonaws.com.cn compute.internal ec2.internal azure.com cloudapp.azure.com windows.net azmk8s.io azurecr.io
  azure.net azurewebsites.net googleapis.com google.internal cloud.ibm.com appdomain.cloud digitaloceanspaces.com
  digitalocean.com oraclecloud.com oraclevcn.com aliyuncs.com myhuaweicloud.com nip.io sslip.io xip.io`);

const localDomains = words(
  'svc local localdomain localhost cluster.local svc.cluster.local arpa in-addr.arpa ip6.arpa localhost4 localhost6',
);

const serviceLabels = words(`
  api api-int apps www oauth console registry ec2 s3 sts iam elb elasticloadbalancing autoscaling route53 dkr ecr logs rds
  kms sqs sns dynamodb monitoring compute storage www mail smtp ntp dns ns1 ns2 proxy vault ldap git blob file queue table
  management login prod privatelink cloudapp core database vpce efs fs sso`);

// Nobody is told by these; as names of users and hosts they would be taken out of every sentence.
const commonWords = words(`
  localhost localdomain master masters worker workers node nodes infra control-plane controlplane controller compute host
  hosts server servers bootstrap cluster kubernetes kubelet minikube kind default system admin administrator user users root
  core test tests testing build builder deploy deployer deployment default-user name names none null unknown unset empty true
  false nobody daemon bin sys sync games man mail news uucp proxy www-data backup list irc gnats operator halt shutdown
  adm lp ftp sshd dbus polkitd chrony ntp rpc rpcuser nfsnobody tcpdump tss etcd openvswitch hugetlbfs dnsmasq
  systemd-network systemd-resolve systemd-timesync systemd-coredump systemd-oom messagebus syslog _apt uuidd kubeadmin
  kube-admin ubuntu ec2-user centos debian fedora cloud-user opc vagrant docker podman containerd crio postgres mysql
  nginx redis rabbitmq nova neutron cinder glance keystone ceph haproxy memcache www http https ssh sudo su anonymous
  guest service services account accounts group groups client clients agent database data temp tmp home kubelet-bootstrap
  authenticated unauthenticated pod pods container containers namespace image images log logs event events file files
  error warning info debug message reason status state version time date from with for and the this that not password
  publickey key keys token session new via uid gid pid api app apps web backend frontend primary secondary standby
  kind-control-plane kind-worker kind-worker2 kind-worker3 host-gw local remote public private internal external`);

// Endings that nothing but a domain has; others are learned from URLs, mail addresses and the cluster's own settings.
const topLevel = words(
  'com net org edu gov mil internal lan corp intra intranet home private de uk fr nl eu cz jp kr ru',
);
const secondLevel = words('co com org net ac gov edu or ne gob gouv');

export const isCommonWord = (name: string): boolean =>
  name.length < 3 || commonWords.has(name) || /^[\d.-]+$/.test(name);

/** `registry`, `api`, `us-east-1`, `etcd-0`, `console-openshift-console`: labels of a domain name that name a service. */
export function isServiceLabel(label: string): boolean {
  return (
    serviceLabels.has(label) ||
    /^etcd-\d$|^_|^\*$|^(?:us|eu|ap|ca|sa|af|me|il|cn)(?:-[a-z]+)+-?\d?$/.test(label) ||
    /(?:^|-)openshift-[a-z-]+$/.test(label)
  );
}

export type DomainKind = 'public' | 'provider' | 'local' | 'own' | 'unknown';

/** What a domain name is, and how many of its last labels are the domain that somebody registered. */
export function domainOf(labels: readonly string[]): { readonly kind: DomainKind; readonly labels: number } {
  for (let count = Math.min(4, labels.length); count >= 1; count--) {
    const tail = labels.slice(-count).join('.');
    if (localDomains.has(tail)) return { kind: 'local', labels: count };
    if (publicDomains.has(tail)) return { kind: 'public', labels: count };
    if (providerDomains.has(tail)) return { kind: 'provider', labels: count };
  }
  const last = labels.at(-1) ?? '';
  const isDeep = last.length === 2 && labels.length > 2 && secondLevel.has(labels.at(-2) ?? '');
  const kind = labels.length < 2 || !topLevel.has(last) ? 'unknown' : 'own';
  return { kind, labels: isDeep ? 3 : Math.min(2, labels.length) };
}

/** A name that can be looked for everywhere: no account that every machine has, and no word. */
export function isUserName(name: string): boolean {
  const plain = name.toLowerCase();
  if (!/^[a-z_][\w.+-]{2,63}$/.test(plain) || /^(?:systemd-|kube-|system[.:_-]|openshift-|_)/.test(plain)) return false;
  return !isCommonWord(plain) && !isCommonWord(plain.replace(/\d+$/, ''));
}

/** An id of a cloud that can be looked for everywhere. */
export const isCloudName = (name: string): boolean => /^(?=.*\d)[\w-]{8,}$/.test(name);
