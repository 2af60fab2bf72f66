/** How the front end is built and tested. Refuses any address but our own /static/. */

import { defineConfig } from "vitest/config";

// django-vite reads dist/manifest.json; everything is served from our own /static/, never from another host.
export default defineConfig({
  base: "/static/",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      input: {
        main: "src/main.ts",
        page: "src/page.ts",
        job: "src/job.ts",
        wall: "src/wall/main.ts",
        draw: "src/draw/main.ts",
        maps: "src/evaluation/maps.ts",
        charts: "src/evaluation/charts.ts",
        balance: "src/balance/main.ts",
      },
    },
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
});
