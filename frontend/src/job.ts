/**
 * Drives a stored job: asks the server to go on until nothing is left, and shows how far it is.
 * Refuses to keep anything itself: reload or close the page at any time, the job is where the server left it.
 */

import { cookie } from "./api";

interface Progress {
  phase: string;
  done: number;
  of: number;
  counts: Record<string, number>;
  running: boolean;
}

const PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 15_000;

export async function drive(job: HTMLElement, reload: () => void): Promise<void> {
  const address = job.dataset.work;
  if (!address) return;
  const began = job.dataset.phase ?? "";
  job.querySelector<HTMLElement>("[data-by-hand]")?.setAttribute("hidden", "");
  let pause = PAUSE_MS;
  let last = -1;
  for (;;) {
    const progress = await asked(address);
    job.querySelector<HTMLElement>("[data-broken]")?.toggleAttribute("hidden", progress !== null);
    if (progress) {
      show(job, progress);
      if (!progress.running || progress.phase !== began) return reload();
    }
    // Another window may hold what is left, or the connection is broken: wait longer each time.
    pause = progress && progress.done !== last ? PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
    last = progress?.done ?? last;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function asked(address: string): Promise<Progress | null> {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") },
    });
    return answer.ok ? ((await answer.json()) as Progress) : null;
  } catch {
    return null;
  }
}

function show(job: HTMLElement, progress: Progress): void {
  const bar = job.querySelector("progress");
  if (bar) {
    bar.max = progress.of;
    bar.value = progress.done;
  }
  for (const [name, value] of [["done", progress.done], ["of", progress.of]] as const) {
    const place = job.querySelector(`[data-${name}]`);
    if (place) place.textContent = String(value);
  }
  for (const place of document.querySelectorAll<HTMLElement>("[data-count]")) {
    place.textContent = String(progress.counts[place.dataset.count ?? ""] ?? 0);
  }
}

const job = document.querySelector<HTMLElement>("#job");
if (job) void drive(job, () => location.reload());
