import { enter } from "./edge/enter.ts";

enter(() => import("./ask/main.ts"));
