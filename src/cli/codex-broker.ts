import { enter } from "./enter.ts";

enter(() => import("./broker-main.ts"));
