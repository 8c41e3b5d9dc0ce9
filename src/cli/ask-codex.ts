import { enter } from "./edge/enter.ts";
import { FORWARDED } from "./edge/sibling.ts";

enter(() => import("./setup/main.ts"), FORWARDED);
