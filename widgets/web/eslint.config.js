import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { ignores: ['dist', 'node_modules', 'test-results', 'playwright-report'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  jsxA11y.flatConfigs.strict,
  reactHooks.configs.flat['recommended-latest'],
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // hello-pangea hands refs to its render functions as plain properties; the rule takes every
      // use of them for a read of a ref.
      'react-hooks/refs': 'off',
      // Says only that the React compiler, which is not used, would leave a component alone.
      'react-hooks/incompatible-library': 'off',
      // Watching where focus and pointer are is no interaction; what acts is a real control.
      'jsx-a11y/no-noninteractive-element-interactions': [
        'error',
        { handlers: ['onClick', 'onMouseDown', 'onMouseUp', 'onKeyPress', 'onKeyDown', 'onKeyUp'] },
      ],
      'jsx-a11y/no-static-element-interactions': [
        'error',
        { handlers: ['onClick', 'onMouseDown', 'onMouseUp', 'onKeyPress', 'onKeyDown', 'onKeyUp'] },
      ],
      // An unused argument named _ is one that a signature demands.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
    },
  },
  // Configuration in plain JavaScript has no types to check against.
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.js'], languageOptions: { globals: globals.node } },
  {
    // Only host/ knows what is around the page.
    files: ['src/{live,board,hub,session,text,ui}/**'],
    ignores: ['**/*.test.*'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['matrix-widget-api*'] }],
      'no-restricted-globals': [
        'error',
        'location',
        'history',
        'sessionStorage',
        'localStorage',
        'parent',
      ],
    },
  },
  {
    // The protocol client has no user interface.
    files: ['src/live/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: ['react', 'react-dom', '../board/*', '../hub/*'] },
      ],
    },
  },
);
