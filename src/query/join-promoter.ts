import { demoteJoins, promoteJoins } from "./aliases.ts";
import type { Connector } from "./q.ts";
import type { Query } from "./query.ts";

/**
 * Decides which joins a tree of conditions needs inner and which outer.
 *
 * Each condition votes for the joins that must find a row for it to hold. Under OR a join that not all need must be
 * outer; under AND one vote is enough for an inner join.
 */
export class JoinPromoter {
  private readonly effective: Connector;
  private readonly children: number;
  private readonly votes = new Map<string, number>();

  constructor(connector: Connector, children: number, negated: boolean) {
    this.effective = negated ? (connector === "AND" ? "OR" : "AND") : connector;
    this.children = children;
  }

  addVotes(aliases: Iterable<string>): void {
    for (const alias of aliases) this.votes.set(alias, (this.votes.get(alias) ?? 0) + 1);
  }

  /** Returns the joins that became inner: the votes of this tree for the tree above it. */
  updateJoinTypes(query: Query): ReadonlySet<string> {
    const promote = new Set<string>();
    const demote = new Set<string>();
    for (const [alias, votes] of this.votes) {
      if (this.effective === "OR" && votes < this.children) promote.add(alias);
      if (this.effective === "AND" || (this.effective === "OR" && votes === this.children)) demote.add(alias);
    }
    promoteJoins(query, promote);
    demoteJoins(query, demote);
    return demote;
  }
}
