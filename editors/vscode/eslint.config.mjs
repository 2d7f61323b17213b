import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist", "*.mjs"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  // What runs in the guide's page is plain JavaScript.
  {
    files: ["media/*.js"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      sourceType: "script",
      globals: { acquireVsCodeApi: "readonly", addEventListener: "readonly", document: "readonly", URL: "readonly" },
    },
  },
);
