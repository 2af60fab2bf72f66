/** The code lists, asked for once a page. Refuses to keep a failure: the next form asks again. */

import type { EditApi } from "./api";
import type { CodeLists } from "./types";

const asked = new WeakMap<object, Promise<CodeLists>>();

export function listsOf(api: Pick<EditApi, "codeLists">): Promise<CodeLists> {
  const known = asked.get(api);
  if (known) return known;
  const promise = api.codeLists();
  asked.set(api, promise);
  promise.catch(() => asked.delete(api));
  return promise;
}
