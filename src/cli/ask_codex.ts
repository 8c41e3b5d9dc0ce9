import { enter } from "./edge/enter.ts";
import { TAKEN_BACK } from "./edge/sibling.ts";

enter(() => import("./ask/main.ts"), TAKEN_BACK);
