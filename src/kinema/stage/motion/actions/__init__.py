"""What people do: one file for each group of actions, one function for each act, named by actions.yaml."""
