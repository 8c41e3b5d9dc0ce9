import { expect, test } from "vitest";
import { declarationsOf } from "../../../src/handoff/source/declarations.ts";

const TS = `
import { x } from "y"; // export function load(a: string): never
/** function User() */
export async function load(id: string, options: { deep?: boolean } = {}): Promise<{ user: User }> {
  return { user: nothing("export class Fake {") };
}
export function over(a: string): string;
export function over(a: number): number;
export function over(a: unknown) {
  return a;
}
export interface User {
  name: string; // the name
  age?: number;
}
export type Mode =
  | "a"
  | "b";
type Hidden = { a: 1 }
export const LIMIT = 5;
export const named: Record<string, number> = { a: 1 };
export const add = (a: number, b: number): number => a + b;
export const shape = (a: string): { b: string } => ({ b: a });
export const twice = async (n) => { return n * 2; };
export default class Store<T extends object = {}> extends Base {
  readonly size: number = 0;
  constructor(private readonly path: string) { super(); }
  static async open(path: string): Promise<Store<object>> { return new Store(path); }
  get(key: string): T | undefined {
    return this.get(key);
  }
  private inner = (a: string): void => {};
}
export enum Colour { Red = "red", Blue = "blue" }
function local(a: string) {}
function other(a) {}
export { local, other as renamed, moved } from "./elsewhere";
export const pattern = /["'{]/.test("a") ? 1 : 2;
export function last(): void {}
`;

test.each([
  ["load", "export async function load(id: string, options: { deep?: boolean } = {}): Promise<{ user: User }>"],
  ["User", "export interface User { name: string; age?: number; }"],
  ["Mode", 'export type Mode = | "a" | "b"'],
  ["Hidden", "type Hidden = { a: 1 }"],
  ["LIMIT", "export const LIMIT"],
  ["named", "export const named: Record<string, number>"],
  ["add", "export const add = (a: number, b: number): number =>"],
  ["shape", "export const shape = (a: string): { b: string } =>"],
  ["twice", "export const twice = async (n) =>"],
  ["Store", "export default class Store<T extends object = {}> extends Base"],
  ["Store.open", "static async open(path: string): Promise<Store<object>>"],
  ["Store.get", "get(key: string): T | undefined"],
  ["Store.size", "readonly size: number"],
  ["Store.inner", "private inner = (a: string): void =>"],
  ["Store.constructor", "constructor(private readonly path: string)"],
  ["Colour", 'export enum Colour { Red = "red", Blue = "blue" }'],
  ["User.age", "age?: number"],
  ["renamed", 'export { other as renamed } from "./elsewhere"'],
  ["last", "export function last(): void"],
])("TypeScript: %s is declared as %s", (symbol, text) => {
  expect(declarationsOf("src/a.ts", TS, symbol).map((found) => found.text)).toEqual([text]);
});

test("TypeScript: overloads are all part of the interface", () => {
  const found = declarationsOf("src/a.ts", TS, "over");
  expect(found.map(({ text, line }) => `${line} ${text}`)).toEqual([
    "7 export function over(a: string): string",
    "8 export function over(a: number): number",
    "9 export function over(a: unknown)",
  ]);
});

test.each(["Fake", "nothing", "undefined", "missing", "get", "Store.missing"])(
  "TypeScript: %s is not declared",
  (symbol) => {
    expect(declarationsOf("src/a.ts", TS, symbol)).toEqual([]);
  },
);

const PY = `
import os
"""def hidden(a): pass"""
LIMIT = 5
NAME: str = "x"  # def hidden()

async def load(
    user_id: int,
    *,
    deep: bool = False,
) -> dict[str, int]:
    def inner(a): return a
    return {}

class User(Base):
    name: str

    def save(self, path: str = "a:b") -> None:
        pass

    @property
    def age(self): return 1

class Mode(Enum):
    A = 1
    B = 2

@dataclass(frozen=True)
class Point:
    x: int
    y: int

def last(): ...
`;

test.each([
  ["load", "async def load( user_id: int, *, deep: bool = False, ) -> dict[str, int]"],
  ["LIMIT", "LIMIT"],
  ["NAME", "NAME: str"],
  ["User", "class User(Base)"],
  ["User.save", 'def save(self, path: str = "a:b") -> None'],
  ["User.name", "name: str"],
  ["Mode", "class Mode(Enum): A = 1 B = 2"],
  ["Point", "class Point: x: int y: int"],
  ["last", "def last()"],
])("Python: %s is declared as %s", (symbol, text) => {
  expect(declarationsOf("app/a.py", PY, symbol).map((found) => found.text)).toEqual([text]);
});

const GO = `package a

// func Hidden() {}
const Limit = 5
const (
	First Kind = iota
	Second
)

type User struct {
	Name string \`json:"name"\`
	Age  int // years
}

type Store interface {
	Get(id string) (*User, error)
}

type Kind int

func Load(ctx context.Context, id string) (*User, error) {
	return nil, nil
}

func (u *User) Save(path string) error { return nil }

func Map[K comparable, V any](m map[K]V, f func(V) interface{}) []interface{} {
	return nil
}
`;

test.each([
  ["Load", "func Load(ctx context.Context, id string) (*User, error)"],
  ["User", 'type User struct { Name string `json:"name"` Age int }'],
  ["User.Save", "func (u *User) Save(path string) error"],
  ["User.Name", 'Name string `json:"name"`'],
  ["Store", "type Store interface { Get(id string) (*User, error) }"],
  ["Store.Get", "Get(id string) (*User, error)"],
  ["Kind", "type Kind int"],
  ["Limit", "const Limit"],
  ["First", "First Kind"],
  ["Map", "func Map[K comparable, V any](m map[K]V, f func(V) interface{}) []interface{}"],
])("Go: %s is declared as %s", (symbol, text) => {
  expect(declarationsOf("a.go", GO, symbol).map((found) => found.text)).toEqual([text]);
});

const RUST = `
// pub fn hidden() {}
pub const LIMIT: usize = 5;
#[derive(Debug)]
pub struct User<'a> {
    pub name: &'a str, // it's the name
    age: u8,
}
pub struct Id(pub u64);
pub enum Mode { A, B(String) }
pub trait Store { fn get(&self, id: &str) -> Option<User>; }
pub(crate) type Map = HashMap<String, u8>;
impl<'a> User<'a> {
    pub async fn load<T: Into<String>>(id: T) -> Result<Self, Error>
    where
        T: Send,
    {
        let c = '{';
        todo!()
    }
}
impl Store for Disk { fn get(&self, id: &str) -> Option<User> { None } }
pub fn last() {}
`;

test.each([
  ["LIMIT", "pub const LIMIT: usize"],
  ["User", "pub struct User<'a> { pub name: &'a str, age: u8, }"],
  ["Id", "pub struct Id(pub u64)"],
  ["Mode", "pub enum Mode { A, B(String) }"],
  ["Store", "pub trait Store { fn get(&self, id: &str) -> Option<User>; }"],
  ["Map", "pub(crate) type Map = HashMap<String, u8>"],
  ["User::load", "pub async fn load<T: Into<String>>(id: T) -> Result<Self, Error> where T: Send,"],
  ["User.name", "pub name: &'a str,"],
  ["Disk.get", "fn get(&self, id: &str) -> Option<User>"],
  ["last", "pub fn last()"],
])("Rust: %s is declared as %s", (symbol, text) => {
  expect(declarationsOf("src/a.rs", RUST, symbol).map((found) => found.text)).toEqual([text]);
});

const JAVA = `
package a;
/* class Hidden {} */
public final class User extends Base implements Named {
    public static final int LIMIT = 5;
    private final String name;
    public User(String name) { this.name = name; }
    @Override
    public <T> List<T> load(String id, Map<String, T> all) throws IOException {
        return load(id, all);
    }
    protected abstract void save(int a);
}
public interface Named { String name(); }
enum Mode { A, B }
record Point(int x, int y) {}
`;

test.each([
  ["User", "public final class User extends Base implements Named"],
  ["User.load", "public <T> List<T> load(String id, Map<String, T> all) throws IOException"],
  ["load", "public <T> List<T> load(String id, Map<String, T> all) throws IOException"],
  ["User.save", "protected abstract void save(int a)"],
  ["User.LIMIT", "public static final int LIMIT"],
  ["User.User", "public User(String name)"],
  ["Named", "public interface Named { String name(); }"],
  ["Mode", "enum Mode { A, B }"],
  ["Point", "record Point(int x, int y) {}"],
])("Java: %s is declared as %s", (symbol, text) => {
  expect(declarationsOf("User.java", JAVA, symbol).map((found) => found.text)).toEqual([text]);
});

const CS = `
namespace A
{
    [Serializable]
    public sealed class User : Base, INamed
    {
        public string Name { get; set; } = "x";
        public async Task<User?> LoadAsync(string id, int depth = 1)
        {
            return await LoadAsync(id);
        }
        public int Twice(int n) => n * 2;
    }
    public record Point(int X, int Y);
    public enum Mode { A, B }
}
`;

test.each([
  ["User", "public sealed class User : Base, INamed"],
  ["User.LoadAsync", "public async Task<User?> LoadAsync(string id, int depth = 1)"],
  ["User.Twice", "public int Twice(int n)"],
  ["User.Name", "public string Name"],
  ["Point", "public record Point(int X, int Y)"],
  ["Mode", "public enum Mode { A, B }"],
])("C#: %s is declared as %s", (symbol, text) => {
  expect(declarationsOf("User.cs", CS, symbol).map((found) => found.text)).toEqual([text]);
});

const RUBY = `
# def hidden
LIMIT = 5
module Shop
  class User < Base
    def initialize(name, age: 1)
      @name = "a # b"
    end

    def self.load(id) = new(id)

    def valid?
      true
    end
  end
end
`;

test.each([
  ["LIMIT", "LIMIT"],
  ["User", "class User < Base"],
  ["User.load", "def self.load(id) = new(id)"],
  ["User.initialize", "def initialize(name, age: 1)"],
  ["User#valid?", "def valid?"],
])("Ruby: %s is declared as %s", (symbol, text) => {
  expect(declarationsOf("user.rb", RUBY, symbol).map((found) => found.text)).toEqual([text]);
});

const PHP = `<?php
# function hidden() {}
#[Attribute]
final class User extends Base implements Named
{
    const LIMIT = 5;
    public static function load(string $id, ?array $all = null): ?self
    {
        return self::load($id);
    }
}
interface Named { public function name(): string; }
enum Mode: string { case A = 'a'; }
function last(int ...$n): int { return 1; }
`;

test.each([
  ["User", "final class User extends Base implements Named"],
  ["User.load", "public static function load(string $id, ?array $all = null): ?self"],
  ["User::LIMIT", "const LIMIT"],
  ["Named", "interface Named { public function name(): string; }"],
  ["Mode", "enum Mode: string { case A = 'a'; }"],
  ["last", "function last(int ...$n): int"],
])("PHP: %s is declared as %s", (symbol, text) => {
  expect(declarationsOf("User.php", PHP, symbol).map((found) => found.text)).toEqual([text]);
});

test.each([
  [
    "layout",
    "export function a(x: string,y:number):void{}",
    "export function a(\n  x: string,\n  y: number, // why\n): void {\n}",
  ],
  ["the place of the export", "export function a(x: string) {}", "function a(x: string) {}\nexport { a };"],
  ["the kind of quotes", "export type a = 'it\\'s' | '\"';", 'export type a = "it\'s" | "\\"";'],
  ["a bar before a union", "export type a = 'x' | 'y';", "export type a =\n  | 'x'\n  | 'y';"],
  [
    "a bar in brackets",
    "export function a(x: 'x' | 1): void {}",
    "export function a(\n  x:\n    | 'x'\n    | 1,\n): void {}",
  ],
  [
    "what ends a member",
    "export interface a { x: string, y: number }",
    "export interface a {\n  x: string;\n  y: number;\n}",
  ],
  [
    "no end of a member but its line's",
    "export interface a { x: Map<y, z>, 'b-c'(): (d: e) => f }",
    "export interface a {\n  x: Map<\n    y,\n    z\n  >\n  'b-c'(): (d: e) =>\n    f\n}",
  ],
  ["async before a promise", "export function a(): Promise<x> { }", "export async function a(): Promise<x> { }"],
  ["async in an arrow", "export const a = (x: y): Promise<x> => y", "export const a = async (x: y): Promise<x> => { }"],
  ["line ends", "export interface a {\r\n  x: string;\r\n}", "export interface a {\n  x: string;\n}"],
])("%s makes no difference", (_, one, other) => {
  const [first, second] = [one, other].map((text) => declarationsOf("a.ts", text, "a").map(({ key }) => key));
  expect(first).toEqual(second);
  expect(first).toHaveLength(1);
});

test.each([
  ["a parameter's type", "export function a(x: string) {}", "export function a(x: number) {}"],
  ["the export", "export function a() {}", "function a() {}"],
  ["the default export", "export default function a() {}", "export function a() {}"],
  ["another text in quotes", "export type a = 'x y';", 'export type a = "x_y";'],
  ["a further member of a union", "export type a = 'x' | 'y';", "export type a = 'x' | 'y' | 'z';"],
  ["async before what it wraps", "export async function a(): Promise<x> {}", "export function a(): x {}"],
  ["async", "export async function a() {}", "export function a() {}"],
  ["a CommonJS export", "function a() {}\nmodule.exports = { a };", "function a() {}\nmodule.exports = {};"],
])("%s makes a difference", (_, one, other) => {
  const [first, second] = [one, other].map((text) => declarationsOf("a.ts", text, "a").map(({ key }) => key));
  expect(first).not.toEqual(second);
});

test("a file in no language that is known declares nothing", () => {
  expect(declarationsOf("a.txt", "export function a() {}", "a")).toEqual([]);
});
