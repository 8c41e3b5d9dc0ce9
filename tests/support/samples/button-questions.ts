/** What the scripted model asks natively. */
export const COLOUR = {
  ...{ id: "colour", header: "Colour", question: "Which colour should the button have?" },
  options: [
    { label: "red", description: "warm" },
    { label: "blue", description: "cold" },
  ],
};

export const SIZE = {
  ...{ id: "size", header: "Size", question: "How big may it be?" },
  options: [
    { label: "small", description: "fits a phone" },
    { label: "big", description: "fits nothing" },
  ],
};
