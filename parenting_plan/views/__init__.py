"""The pages of the plan, by subject. Each starts from what this person may see; each change is one action."""
