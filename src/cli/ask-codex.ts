import { enter } from "./enter.ts";

enter(() => import("./ask-main.ts"));
