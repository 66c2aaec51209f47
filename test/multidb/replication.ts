/**
 * A PostgreSQL primary and streaming replicas in temporary directories: by initdb and `pg_basebackup -R`.
 *
 *     node --conditions=asgimod-source test/multidb/replication.ts 2
 *
 * starts a primary with two replicas, prints their URLs, and takes them away again on Ctrl-C.
 */
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BIN, Cluster, runAsServer, serverDirectory, startCluster } from "../postgresql/cluster.ts";
import { freePort } from "../servers/proxy.ts";

export interface Replication {
  readonly primary: Cluster;
  readonly replicas: readonly Cluster[];
  destroy(): Promise<void>;
}

/** Starts a primary and its replicas. */
export async function startReplication(count: number): Promise<Replication> {
  const primary = await startCluster(() => ["-c", "wal_level=replica", "-c", "max_wal_senders=10"]);
  const replicas: Cluster[] = [];
  const destroy = async () => {
    for (const cluster of [...replicas, primary]) await cluster.destroy();
  };
  try {
    for (let i = 0; i < count; i++) replicas.push(await startReplica(primary));
  } catch (error) {
    await destroy();
    throw error;
  }
  return { primary, replicas, destroy };
}

async function startReplica(primary: Cluster): Promise<Cluster> {
  const directory = serverDirectory();
  runAsServer(join(BIN as string, "pg_basebackup"), [
    ...["-D", join(directory, "data"), "-R", "-X", "stream", "-c", "fast", "--no-sync"],
    ...["-h", "127.0.0.1", "-p", String(primary.port), "-U", "postgres"],
  ]);
  const replica = new Cluster(directory, await freePort(), ["-c", "hot_standby=on"]);
  await replica.start();
  return replica;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { primary, replicas, destroy } = await startReplication(Number(process.argv[2] ?? 1));
  console.log(`primary  ${primary.url()}`);
  for (const replica of replicas) console.log(`replica  ${replica.url()}`);
  await once(process, "SIGINT");
  await destroy();
}
