import starlight from "@astrojs/starlight";
import { defineConfig, passthroughImageService } from "astro/config";
import starlightLinksValidator from "starlight-links-validator";
import starlightLlmsTxt from "starlight-llms-txt";

const repository = "https://github.com/quintet-js/quintet";

export default defineConfig({
  site: "https://quintet-js.github.io",
  // There are no pictures to resize, so the native library for it is never loaded.
  image: { service: passthroughImageService() },
  integrations: [
    starlight({
      title: "Quintet",
      description: "Five ways to run concurrent work, one interface",
      social: [{ icon: "github", label: "GitHub", href: repository }],
      editLink: { baseUrl: `${repository}/edit/main/apps/docs/` },
      customCss: ["./src/styles/site.css"],
      expressiveCode: { defaultProps: { overridesByLang: { sh: { frame: "none" } } } },
      sidebar: [
        { label: "Start", items: ["index", "which-executor", "policies"] },
        {
          label: "Reference",
          items: ["contract", "primitives", "channels", "names", "errors", "speed"],
        },
        { label: "Packages", items: [{ autogenerate: { directory: "packages" } }] },
      ],
      plugins: [starlightLinksValidator(), starlightLlmsTxt()],
    }),
  ],
});
