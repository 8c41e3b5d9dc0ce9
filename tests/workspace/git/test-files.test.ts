import { expect, test } from "vitest";
import { looksLikeTest } from "../../../src/workspace/git/test-files.ts";

test.each([
  "a.test.ts",
  "src/a.spec.js",
  "pkg/a_test.go",
  "pkg/test_a.py",
  "test/helper.rb",
  "tests/fixtures/x.json",
  "src/__tests__/a.ts",
  "spec/models/user.rb",
  "MyApp/Tests/AppCase.swift",
  "MyApp.Tests/UserTests.cs",
  "core/UserTest.java",
  "lib/user_spec.rb",
  "shop/tests.py",
  "src/login.cy.ts",
  "e2e/login.ts",
  "cypress/support.js",
  "app/login.e2e-spec.ts",
  "login.e2e.ts",
  "src/parser/tests.rs",
  "core/UserIT.java",
  "core/UserSpec.kt",
  "tests/parse_unittest.cc",
  "parse-test.js",
  "test.js",
])("%s looks like a test", (path) => {
  expect(looksLikeTest(path)).toBe(true);
});

test.each([
  "src/latest.ts",
  "contest.py",
  "test_data.json",
  "testing/a.ts",
  "attest.go",
  "specification.md",
  "test",
  "Latest.java",
  "Test.java",
  "src/test-utils.ts",
  "src/latest.js",
  "Exit.java",
  "src/fancy.ts",
])("%s does not look like a test", (path) => {
  expect(looksLikeTest(path)).toBe(false);
});
